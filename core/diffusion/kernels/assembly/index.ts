// The exports of the kernel module. Pointers are addresses in the memory of TensorFlow.js's WASM backend.
export { axialBlockForward } from "./axial_block";
export { axialBlockBackward } from "./axial_block_backward";
export {
  axialBlockLaidOutBytes, axialBlockSavedBytes, axialBlockScratchBytes, layOutKeysAndValues,
} from "./axial_block_layout";
export { dense, denseBackward } from "./dense";
export {
  constantBytes, initialize, meanAndMax, meanAndMaxBackward, normalize, normalizeBackward,
} from "./elementwise";
export { matmul } from "./matmul";
