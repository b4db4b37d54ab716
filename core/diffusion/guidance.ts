/**
 * How strongly samples are guided towards improvement.
 *
 * @module
 */

/** The default w of classifier-free guidance. */
export const defaultGuidance = 3;
