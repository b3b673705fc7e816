/** The language server through the protocol, with the client side of the protocol's own library. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DiagnosticSeverity,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidSaveTextDocumentNotification,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  ExitNotification,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  type DocumentSymbol,
  type TextEdit,
} from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { positionOf, startSession, type Session } from './session.js';

const LIB = 'xlab 1\n\nmodule tiny { text 4KiB }\n';
const TEXT = `xlab 1

use "lib.xlab" as lib
use "std/sizes.xlab" as sizes

machine { ram 8GiB; cpu skl }

compare module_alloc

pool progs

# one phase
# of one minute
phase steady for 1min {
  every 1s { load module lib.tiny into progs }
  load module sizes.nic into progs
  free all progs
}

probe every 1s: text.waste_pct

expect mean(text.waste_pct) < 50% in steady
`;

let session: Session;
let uri: string;

beforeEach(async () => {
  session = await startSession();
  session.uriOf('lib.xlab', LIB);
  uri = session.uriOf('main.xlab');
});

afterEach(async () => {
  expect(await session.close()).toBe(0);
});

const apply = (text: string, edits: readonly TextEdit[]): string =>
  TextDocument.applyEdits(TextDocument.create(uri, 'xlab', 0, text), [...edits]);

const at = (part: string, inside = 0) => ({
  textDocument: { uri },
  position: positionOf(TEXT, part, inside),
});

describe('the language server', () => {
  it('says who it is and what it can', () => {
    const { serverInfo, capabilities } = session.result;
    expect(serverInfo).toEqual({ name: 'xlab', version: '1.2.3' });
    expect(capabilities).toMatchObject({
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      documentFormattingProvider: true,
    });
  });

  it('publishes no findings for a scenario without mistakes', async () => {
    expect((await session.open(uri, TEXT)).diagnostics).toEqual([]);
  });

  it('publishes findings with code, place, notes and help, and takes them back', async () => {
    const wrong = TEXT.replace('8GiB', '8GB').replace('mean(', 'maen(');
    const { diagnostics, version } = await session.open(uri, wrong);
    expect(version).toBe(1);
    expect(diagnostics).toEqual([
      {
        range: { start: positionOf(wrong, '8GB'), end: positionOf(wrong, '8GB', 3) },
        severity: DiagnosticSeverity.Error,
        code: 'X0103',
        source: 'xlab',
        message:
          "unknown unit 'GB'\nnote: GB means 10^9 bytes on disks and 2^30 in the kernel\nhelp: write 8GiB",
      },
      expect.objectContaining({ code: 'X0201', severity: DiagnosticSeverity.Error }),
    ]);
    const after = await session.change(uri, 2, TEXT);
    expect(after).toMatchObject({ version: 2, diagnostics: [] });
  });

  it('follows changes of a part of the text', async () => {
    await session.open(uri, TEXT);
    const found = session.nextDiagnostics(uri);
    await session.client.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version: 2 },
      contentChanges: [
        {
          range: { start: positionOf(TEXT, 'skl'), end: positionOf(TEXT, 'skl', 3) },
          text: 'slk',
        },
      ],
    });
    expect((await found).diagnostics.map((finding) => finding.code)).toEqual(['X0201']);
  });

  it('shows mistakes of used files where they are used, and reads them again after a save', async () => {
    session.uriOf('lib.xlab', LIB.replace('4KiB', '4KB'));
    const { diagnostics } = await session.open(uri, TEXT);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.range.start).toEqual(positionOf(TEXT, '"lib.xlab"'));
    expect(diagnostics[0]?.message).toMatch(/^lib\.xlab: unknown unit 'KB'/);
    const lib = session.uriOf('lib.xlab', LIB);
    const found = session.nextDiagnostics(uri);
    await session.open(lib, LIB);
    await session.client.sendNotification(DidSaveTextDocumentNotification.type, {
      textDocument: { uri: lib },
    });
    expect((await found).diagnostics).toEqual([]);
  });

  it('points to the other place of a finding', async () => {
    const { diagnostics } = await session.open(
      uri,
      TEXT.replace('pool progs', 'pool progs, progs'),
    );
    expect(diagnostics[0]?.relatedInformation).toEqual([
      {
        location: {
          uri,
          range: { start: positionOf(TEXT, 'progs'), end: positionOf(TEXT, 'progs', 5) },
        },
        message: 'first declared here',
      },
    ]);
  });

  it('completes by context, replacing the word', async () => {
    await session.open(uri, TEXT);
    const items = await session.client.sendRequest(CompletionRequest.type, at('text.waste_pct', 7));
    if (!Array.isArray(items)) throw new Error('no list');
    const metric = items.find((item) => item.label === 'text.waste_pct');
    expect(metric).toMatchObject({ detail: 'gauge, share, lower is better' });
    const edits = items.flatMap((item) =>
      item.label === 'text.pte_4k' && item.textEdit !== undefined && 'range' in item.textEdit
        ? [item.textEdit]
        : [],
    );
    expect(apply(TEXT, edits)).toContain('probe every 1s: text.pte_4k\n');
  });

  it('hovers', async () => {
    await session.open(uri, TEXT);
    const hover = await session.client.sendRequest(HoverRequest.type, at('1min', 1));
    expect(hover?.contents).toEqual({
      kind: 'markdown',
      value: '1min = 60,000,000,000 ns = 60 s = 1min',
    });
    expect(await session.client.sendRequest(HoverRequest.type, at('{'))).toBeNull();
  });

  it('finds definitions here, in used files and in the library', async () => {
    await session.open(uri, TEXT);
    const ask = (part: string, inside: number) =>
      session.client.sendRequest(DefinitionRequest.type, at(part, inside));
    expect(await ask('free all progs', 10)).toMatchObject({
      uri,
      range: { start: positionOf(TEXT, 'progs') },
    });
    expect(await ask('lib.tiny', 5)).toEqual({
      uri: session.uriOf('lib.xlab'),
      range: { start: positionOf(LIB, 'tiny'), end: positionOf(LIB, 'tiny', 4) },
    });
    expect(await ask('sizes.nic', 7)).toMatchObject({
      uri: session.uriOf('library/std/sizes.xlab'),
    });
    expect(await ask('8GiB', 1)).toBeNull();
  });

  it('finds references, and renames them', async () => {
    await session.open(uri, TEXT);
    const references = await session.client.sendRequest(ReferencesRequest.type, {
      ...at('progs'),
      context: { includeDeclaration: false },
    });
    expect(references).toHaveLength(3);
    const prepared = await session.client.sendRequest(PrepareRenameRequest.type, at('progs', 2));
    expect(prepared).toMatchObject({ placeholder: 'progs' });
    const edit = await session.client.sendRequest(RenameRequest.type, {
      ...at('progs'),
      newName: 'programs',
    });
    const renamed = apply(TEXT, edit?.changes?.[uri] ?? []);
    expect(renamed).toBe(TEXT.replaceAll('progs', 'programs'));
    expect((await session.change(uri, 2, renamed)).diagnostics).toEqual([]);
  });

  it('says why a rename cannot be', async () => {
    await session.open(uri, TEXT);
    const rename = session.client.sendRequest(RenameRequest.type, {
      ...at('progs'),
      newName: 'random',
    });
    await expect(rename).rejects.toThrow("'random' is a reserved word");
    await expect(
      session.client.sendRequest(PrepareRenameRequest.type, at('module_alloc')),
    ).rejects.toThrow('part of the language or of the lab');
  });

  it('outlines and folds', async () => {
    await session.open(uri, TEXT);
    const textDocument = { uri };
    const outline = await session.client.sendRequest(DocumentSymbolRequest.type, { textDocument });
    const names = (outline as DocumentSymbol[]).map((entry) => entry.name);
    expect(names).toEqual([
      'machine',
      'compare',
      'progs',
      'steady',
      'mean(text.waste_pct) < 50% in steady',
    ]);
    const folds = await session.client.sendRequest(FoldingRangeRequest.type, { textDocument });
    expect(folds).toEqual([
      { startLine: 11, endLine: 12, kind: 'comment' },
      { startLine: 13, endLine: 16 },
    ]);
  });

  it('formats', async () => {
    const untidy = TEXT.replace('  every', '\tevery').replace('pool progs', 'pool    progs');
    await session.open(uri, untidy);
    const edits = await session.client.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri },
      options: { tabSize: 4, insertSpaces: true },
    });
    expect(apply(untidy, edits ?? [])).toBe(TEXT);
  });

  it('offers the fixes of findings as quick fixes', async () => {
    const wrong = TEXT.replace('8GiB', '8GB');
    const { diagnostics } = await session.open(uri, wrong);
    const range = diagnostics[0]?.range ?? {
      start: positionOf(wrong, 'x'),
      end: positionOf(wrong, 'x'),
    };
    const actions = await session.client.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics },
    });
    const [action] = actions ?? [];
    expect(action).toMatchObject({ title: 'Write 8GiB', kind: 'quickfix', diagnostics });
    const edits =
      action !== undefined && 'edit' in action ? (action.edit.changes?.[uri] ?? []) : [];
    expect(apply(wrong, edits)).toBe(TEXT);
  });

  it('shows the expected requests of each line', async () => {
    await session.open(uri, TEXT);
    const hints = await session.client.sendRequest(InlayHintRequest.type, {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 14, character: 0 } },
    });
    expect(hints).toEqual([
      expect.objectContaining({
        position: positionOf(TEXT, 'into progs }\n', 12),
        label: '60 requests',
      }),
    ]);
  });

  it('knows the library in a text that was never saved', async () => {
    const { diagnostics } = await session.open('untitled:one', TEXT);
    expect(diagnostics.map((finding) => finding.code)).toEqual(['X0205']);
  });

  it('forgets a text that is closed', async () => {
    await session.open(uri, TEXT.replace('8GiB', '8GB'));
    const found = session.nextDiagnostics(uri);
    await session.client.sendNotification(DidCloseTextDocumentNotification.type, {
      textDocument: { uri },
    });
    expect((await found).diagnostics).toEqual([]);
    expect(await session.client.sendRequest(HoverRequest.type, at('1min', 1))).toBeNull();
  });

  it('answers texts that are no scenario at all', async () => {
    for (const [version, text] of ['', '}', '\ud800', 'xlab 1\n{{{{', '"'.repeat(500)].entries()) {
      const { diagnostics } = await (version === 0
        ? session.open(uri, text)
        : session.change(uri, version + 1, text));
      expect(diagnostics.length).toBeGreaterThan(0);
      const position = { line: 0, character: 1 };
      const list = await session.client.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position,
      });
      expect(Array.isArray(list)).toBe(true);
    }
  });
});

describe('the end of a session', () => {
  it('without a shutdown is a failure', async () => {
    const other = await startSession();
    await other.client.sendNotification(ExitNotification.type);
    expect(await other.ended).toBe(1);
    other.client.dispose();
  });
});
