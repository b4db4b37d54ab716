// The exports of the kernel module. Pointers are addresses in the memory of TensorFlow.js's WASM backend.
export { axialBlockBackward, axialBlockForward, axialBlockSavedBytes, axialBlockScratchBytes } from "./axial_block";
export { dense, denseBackward } from "./dense";
export { constantBytes, gelu, geluBackward, initialize, softmax, softmaxBackward, meanAndMax, meanAndMaxBackward, normalize, normalizeBackward } from "./elementwise";
export { matmul } from "./matmul";
