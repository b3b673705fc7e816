/**
 * `cat /proc/modules` as root: the modules that were loaded, the first loaded first. The file tells the
 * total size of a module's core; its regions come from a copy of /sys/module/NAME/sections when the
 * block names one (`sections "dir"`), and are guessed from usual shares otherwise.
 *
 *   nf_tables 290816 0 - Live 0xffffffffc0a1b000 (E)
 */
import { createHash, type Hash } from 'node:crypto';
import type { RecordedCreate } from '../../contract/scenario-plan.js';
import { guessSections } from '../../recording/event-steps.js';
import type { ConfinedFolder } from '../confined-folder.js';
import { importFailure, importText, type ImportFormat, type ImportReply } from './import-format.js';
import { kernelPointer, pointersHidden } from './kernel-address.js';
import { LineAccount } from './line-account.js';
import { readSections, sectionSizes } from './module-sections.js';

const ROW =
  /^([\w-]+) (\d+) (?:\d+|-) \S+ (Live|Loading|Unloading) 0x([0-9a-f]{8,16})(?: \([A-Z+-]+\))?$/;
const COMMAND = 'cat /proc/modules > modules.txt';
/** Init memory of a module that is loaded anew: text, data and rodata, the median of distribution kernels. */
const INIT_BYTES: readonly number[] = [64, 6144, 0];
const MODULE_BYTES_MAX = 1 << 30;

interface ModuleRow {
  readonly name: string;
  readonly bytes: number;
  readonly state: string;
}

class LayoutBuilder {
  readonly account = new LineAccount();
  private readonly rows: RecordedCreate[] = [];

  constructor(
    private readonly sections:
      { readonly folder: ConfinedFolder; readonly path: string } | undefined,
    private readonly hash: Hash,
  ) {}

  /** Returns how the kernel kept the module's addresses back, if it did. */
  line(text: string, number: number): 'hidden' | 'hashed' | undefined {
    if (text.trim() === '') return undefined;
    const [, name = '', size = '', state = '', address = ''] = ROW.exec(text.trim()) ?? [];
    const bytes = Number(size);
    if (name === '' || bytes === 0 || bytes > MODULE_BYTES_MAX) {
      this.account.unread(number, text);
      return undefined;
    }
    const pointer = kernelPointer(address);
    if (pointer.kind !== 'page') return pointer.kind;
    return this.module({ name, bytes, state });
  }

  /** The kernel lists the newest first. */
  objects(): readonly RecordedCreate[] {
    return this.rows.toReversed();
  }

  private module({ name, bytes, state }: ModuleRow): 'hidden' | undefined {
    if (state === 'Unloading') {
      this.account.drop('module that was being unloaded');
      return undefined;
    }
    const known = this.knownSections(name, bytes);
    if (known === 'hidden') return known;
    const sections = known ?? guessSections(bytes)?.sections ?? [];
    this.rows.push({ kind: 'module', name, sections });
    if (known !== undefined) this.account.use();
    else {
      this.account.guess(
        this.sections === undefined
          ? "sizes of regions guessed: add 'sections'"
          : 'sizes of regions guessed: no sections of this module',
      );
    }
    return undefined;
  }

  private knownSections(name: string, bytes: number): readonly number[] | 'hidden' | undefined {
    if (this.sections === undefined) return undefined;
    const { folder, path } = this.sections;
    const found = readSections(folder, `${path}/${name}`);
    if (found.kind === 'hidden') return 'hidden';
    if (found.kind === 'missing') return undefined;
    this.hash.update(`${name}\n${found.text}\n`);
    const core = sectionSizes(found.addresses, bytes);
    return core && [...core.slice(0, 4), ...INIT_BYTES];
  }
}

function layoutReply(
  text: string,
  path: string,
  at: { readonly layout: LayoutBuilder; readonly hash: Hash },
): ImportReply {
  const { layout, hash } = at;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const kept = layout.line(line, index + 1);
    if (kept !== undefined) return pointersHidden(path, kept, COMMAND);
  }
  const { account } = layout;
  const first = account.firstUnread;
  if (account.isForeign && first !== undefined) {
    return importFailure(`line ${String(first.line)} of '${path}' is no line of /proc/modules`, {
      notes: [`found '${first.text}'`],
      help: `record it as root: ${COMMAND}`,
    });
  }
  const data = {
    sha256: hash.digest('hex'),
    account: account.finish(),
    layout: { name: path, objects: layout.objects() },
  };
  return account.reply(path, data);
}

export const procModules: ImportFormat = {
  name: 'proc_modules',
  summary:
    '`cat /proc/modules` as root: a layout of modules by total size; `sections "dir"` (a copy of /sys/module/*/sections) tells the regions',
  options: ['sections'],
  read: (request) => {
    const file = importText(request);
    if (file.reply) return file.reply;
    const given = request.options['sections']?.[0]?.replace(/^"(.*)"$/, '$1');
    const { folder } = request;
    if (given !== undefined && folder.list(given) === undefined) {
      return importFailure(`there is no folder '${given}'`, {
        help: 'copy it as root: sh record.sh of std/record, or leave the option out',
      });
    }
    const hash = createHash('sha256').update(file.bytes);
    const sections = given === undefined ? undefined : { folder, path: given };
    return layoutReply(file.text, request.path, {
      layout: new LayoutBuilder(sections, hash),
      hash,
    });
  },
};
