/**
 * The language service: what an editor asks about a scenario. Pure functions over a text, a catalog
 * and a host; the window's editor and the language server both use it.
 */
export { addDesign, designChoices, type AddDesignResult } from './add-design.js';
export { LanguageDocument, type DocumentInput } from './document.js';
export {
  codeActionsAt,
  diagnosticsOf,
  formatEdits,
  type CodeAction,
  type TextEdit,
} from './actions.js';
export {
  completionsAt,
  type CompletionItem,
  type CompletionKind,
  type CompletionList,
} from './completion.js';
export { hoverAt, type Hover } from './hover.js';
export {
  definitionAt,
  referencesAt,
  renameAt,
  renameTarget,
  type Location,
  type RenameResult,
  type RenameTarget,
} from './navigation.js';
export { foldsOf, outlineOf, type Fold, type OutlineEntry } from './outline.js';
export { phaseFacts, requestCounts, type LineCount, type PhaseFacts } from './request-counts.js';
