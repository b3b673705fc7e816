/**
 * The lab as the window sees it: LabApi plus the state of the line to it. Two hosts implement it,
 * Electron's preload and the socket of `xlab serve`; nothing else in the window knows which one it is.
 */
import type { LabApi } from '../../src/contract/lab-api.js';

/** What a call says that was open, or was made, while the line was lost. */
export const LINE_GONE = 'the connection to the lab was lost; the call was not answered';

/** `lost`: was open, is being tried again. `refused`: will not come back without a new start. */
export type LineState = 'connecting' | 'open' | 'lost' | 'refused';

export interface LabConnection extends LabApi {
  /** Calls `listener` now and with every change until the returned function is called. */
  onLine(listener: (state: LineState) => void): () => void;
  /** Ends the connection for good. */
  close(): void;
}
