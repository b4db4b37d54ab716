// The exports of the kernel module. Pointers are addresses in the memory of TensorFlow.js's WASM backend.
export { axialBlockBackward, axialBlockForward, axialBlockSavedBytes, axialBlockScratchBytes } from "./axial_block";
export { addColumnSums, matmul, transpose } from "./matmul";
export { normalize, normalizeBackward } from "./elementwise";
