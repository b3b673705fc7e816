/** Who made a result: the tool, its version and the version of its models. */

export const TOOL_NAME = 'xlab';
/** Of package.json; a tidy test holds the two together. */
export const TOOL_VERSION = '0.1.0';
/**
 * Behaviour of engine and designs. Rises whenever any event log may change: results of different
 * models are never compared without a mark.
 */
export const MODEL_VERSION = 1;
