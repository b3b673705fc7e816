/**
 * `cat /proc/vmallocinfo` as root: a layout. Rows of the module range are what stands there, one request
 * each, told apart by their caller; rows elsewhere (thread stacks, device mappings) hold no executable
 * memory. What is inside of an area, and with which permissions, is not told.
 *
 *   0xffffffffc02de000-0xffffffffc02e0000    8192 load_module+0x7cf/0x1e00 pages=1 vmalloc N0=1
 */
import { createHash } from 'node:crypto';
import type { RecordedCreate } from '../../contract/scenario-plan.js';
import { areaUseOf, functionOf, type AreaUse } from './area-use.js';
import { contentOfArea, RegionGuess } from './area-content.js';
import { importFailure, importText, type ImportFormat, type ImportReply } from './import-format.js';
import { isTextPage, kernelPointer, pointersHidden } from './kernel-address.js';
import { LineAccount } from './line-account.js';

const ROW = /^0x([0-9a-f]{8,16})-0x([0-9a-f]{8,16})\s+(\d+)(?:\s+(.*))?$/;
const PAGE_BYTES = 4096;
const COMMAND = 'cat /proc/vmallocinfo > vmallocinfo.txt';

/** A row of the module range. */
interface AreaRow {
  readonly caller: string;
  readonly use: AreaUse;
  /** Without the guard page. */
  readonly bytes: number;
  /** Pages by node, as `N0=4` tells. */
  readonly nodePages: readonly (readonly [node: string, pages: number])[];
}

function areaRow(bytes: number, rest: string): AreaRow {
  const caller = functionOf(rest);
  const pages = /(?:^|\s)pages=(\d+)/.exec(rest)?.[1];
  const known = pages === undefined ? Math.max(PAGE_BYTES, bytes - PAGE_BYTES) : undefined;
  const nodePages = [...rest.matchAll(/(?:^|\s)N(\d+)=(\d+)/g)].map(
    ([, node = '', count = '']) => [node, Number(count)] as const,
  );
  return {
    caller,
    use: areaUseOf(caller),
    bytes: known ?? Number(pages) * PAGE_BYTES,
    nodePages,
  };
}

class LayoutBuilder {
  readonly objects: RecordedCreate[] = [];
  readonly account = new LineAccount();
  private readonly regions = new RegionGuess();
  private readonly byCaller = new Map<string, { areas: number; bytes: number }>();
  private readonly byNode = new Map<string, number>();
  private readonly counts = new Map<string, number>();

  /** Returns how the kernel kept the row's address back, if it did. */
  line(text: string, number: number): 'hidden' | 'hashed' | undefined {
    if (text.trim() === '') return undefined;
    const [, start = '', , size = '', rest = ''] = ROW.exec(text.trim()) ?? [];
    if (start === '') {
      this.account.unread(number, text);
      return undefined;
    }
    const pointer = kernelPointer(start);
    if (pointer.kind !== 'page') return pointer.kind;
    if (!isTextPage(pointer.page)) this.account.leave('outside of the module range');
    else this.area(areaRow(Number(size), rest));
    return undefined;
  }

  facts(): readonly string[] {
    const callers = [...this.byCaller].sort(([a], [b]) => (a < b ? -1 : 1));
    const nodes = [...this.byNode].sort(([a], [b]) => Number(a) - Number(b));
    return [
      ...callers.map(
        ([caller, { areas, bytes }]) =>
          `${caller}: ${String(areas)} areas, ${String(bytes / 1024)} KiB`,
      ),
      ...nodes.map(([node, pages]) => `node ${node}: ${String(pages)} pages`),
    ];
  }

  private area({ caller, use, bytes, nodePages }: AreaRow): void {
    const seen = this.byCaller.get(caller) ?? { areas: 0, bytes: 0 };
    this.byCaller.set(caller, { areas: seen.areas + 1, bytes: seen.bytes + bytes });
    for (const [node, pages] of nodePages) {
      this.byNode.set(node, (this.byNode.get(node) ?? 0) + pages);
    }
    const name = this.nameOf(use === 'module' ? 'module area' : caller === '' ? 'area' : caller);
    if (use === 'module') {
      const sections = this.regions.sectionsOf(bytes);
      this.objects.push({ kind: 'module', name, sections });
      this.account.guess('area of a module: name and permissions are not told');
      return;
    }
    const content = contentOfArea(use, name, bytes);
    if (content.kind === 'dropped') this.account.drop(content.reason);
    else {
      this.objects.push(content.create);
      this.account.guess(content.reason);
    }
  }

  private nameOf(word: string): string {
    const count = (this.counts.get(word) ?? 0) + 1;
    this.counts.set(word, count);
    return `${word} ${String(count)}`;
  }
}

function layoutReply(path: string, text: string, sha256: string): ImportReply {
  const layout = new LayoutBuilder();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const kept = layout.line(line, index + 1);
    if (kept !== undefined) return pointersHidden(path, kept, COMMAND);
  }
  const { account, objects } = layout;
  const first = account.firstUnread;
  if (account.isForeign && first !== undefined) {
    return importFailure(`line ${String(first.line)} of '${path}' is no line of vmallocinfo`, {
      notes: [`found '${first.text}'`],
      help: `record it as root: ${COMMAND}`,
    });
  }
  const data = {
    sha256,
    account: account.finish(),
    facts: layout.facts(),
    layout: { name: path, objects },
    unnamed: { objects: objects.map((_, index) => index), keys: [] },
  };
  return account.reply(path, data);
}

export const vmallocinfo: ImportFormat = {
  name: 'vmallocinfo',
  summary: '`cat /proc/vmallocinfo` as root: a layout of the areas in the module range, by caller',
  options: [],
  read: (request) => {
    const file = importText(request);
    if (file.reply) return file.reply;
    const sha256 = createHash('sha256').update(file.bytes).digest('hex');
    return layoutReply(request.path, file.text, sha256);
  },
};
