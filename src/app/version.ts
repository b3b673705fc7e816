/** Who made a result: the tool, its version and the version of its models. */

export const TOOL_NAME = 'xlab';
/** Of package.json; a tidy test holds the two together. */
export const TOOL_VERSION = '0.1.0';
/**
 * Behaviour of engine and designs. Rises whenever any event log or count may change with the same
 * scenario, seed and inputs: a design places otherwise, a draw, a TLB, a cost. It is part of the
 * scenario hash, so that older folders are not continued, and results of different models are never
 * compared without a mark. test/golden/model-results.test.ts fails when results change without it.
 */
export const MODEL_VERSION = 1;
