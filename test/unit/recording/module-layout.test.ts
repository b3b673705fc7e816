import { describe, expect, it } from 'vitest';
import {
  isAtLeast,
  layoutModule,
  moduleLayoutRule,
  regionOfSection,
} from '../../../src/recording/module-layout.js';
import type { RecordedModuleFile } from '../../../src/recording/recording.js';
import { shippedRecording } from '../../support/recording-files.js';

const pageBytes = (bytes: number): number => Math.ceil(bytes / 4096) * 4096;

const section = (name: string, flags: string, sizeBytes: number, alignBytes = 1) => ({
  name,
  writable: flags.includes('W'),
  executable: flags.includes('X'),
  sizeBytes,
  alignBytes,
});

describe('regions of module sections', () => {
  it.each([
    ['.text', 'X', '6.12', 'text'],
    ['.exit.text', 'X', '6.12', 'text'],
    ['.init.text', 'X', '6.12', 'init.text'],
    ['.rodata', '', '6.12', 'rodata'],
    ['.init.rodata', '', '6.12', 'init.rodata'],
    ['.data', 'W', '6.12', 'data'],
    ['.init.data', 'W', '6.12', 'init.data'],
    ['.data..ro_after_init', 'W', '6.1', 'ro_after_init'],
    ['__jump_table', 'W', '6.1', 'ro_after_init'],
    ['.static_call_sites', 'W', '6.12', 'data'],
    ['.static_call_sites', 'W', '7.2', 'ro_after_init'],
    ['.modinfo', '', '6.12', undefined],
    ['__versions', '', '6.12', undefined],
    ['__version_ext_names', '', '7.2', undefined],
    ['.data..percpu', 'W', '6.12', undefined],
  ])('%s (%s) on %s belongs to %s', (name, flags, release, region) => {
    expect(regionOfSection(section(name, flags, 8), moduleLayoutRule(release))).toBe(region);
  });

  it('compares releases by number', () => {
    expect(isAtLeast('6.12.107+deb13', 6, 4)).toBe(true);
    expect(isAtLeast('6.4', 6, 12)).toBe(false);
    expect(isAtLeast('7.0', 6, 19)).toBe(true);
  });
});

describe('sizes of module regions', () => {
  const file: RecordedModuleFile = {
    name: 'small',
    fileBytes: 4000,
    sections: [
      section('.text', 'X', 100, 16),
      section('.exit.text', 'X', 10, 16),
      section('.empty', 'X', 0, 64),
      section('.data', 'W', 30, 8),
      section('.init.data', 'W', 5, 8),
    ],
    symbols: { count: 20, stringBytes: 300, keptCount: 7, keptNameBytes: 90 },
  };

  it('align every section, empty ones too, and append the symbols', () => {
    const { sections, exact } = layoutModule(file, moduleLayoutRule('6.12'));
    expect(exact).toBe(true);
    expect(sections).toEqual([
      128,
      32 + 24 * 7 + 90 + 7,
      0,
      0,
      0,
      // up(8 + 24 n + S, 8) + struct mod_kallsyms + n
      Math.ceil((8 + 480 + 300) / 8) * 8 + 32 + 20,
      0,
    ]);
  });

  it('append the symbols behind whole pages where core and init are one area each', () => {
    const { sections } = layoutModule(file, moduleLayoutRule('6.1'));
    expect(sections[1]).toBe(4096 + 24 * 7 + 90 + 7);
    expect(sections[5]).toBe(Math.ceil((4096 + 480 + 300) / 8) * 8 + 32 + 20);
  });

  it('say so when the symbol counts are missing', () => {
    const { sections, name, fileBytes } = file;
    expect(layoutModule({ name, fileBytes, sections }, moduleLayoutRule('6.12')).exact).toBe(false);
  });

  it.each(['debian-6.1-modules', 'debian-6.1-churn'])(
    'equal the sizes of /proc/modules for every load in %s',
    (name) => {
      const { events, modules, meta } = shippedRecording(name);
      let compared = 0;
      for (const event of events) {
        const file = modules.get(event.name);
        if (event.op !== 'modload' || !file) continue;
        const { sections } = layoutModule(file, moduleLayoutRule(meta.release));
        const core = sections.slice(0, 4).reduce((sum, bytes) => sum + pageBytes(bytes), 0);
        expect([event.name, core]).toEqual([event.name, event.observed.moduleBytes]);
        compared += 1;
      }
      expect(compared).toBeGreaterThan(90);
    },
  );

  it.each(['debian-6.12-modules', 'debian-7.2-modules'])(
    'equal the sizes of /proc/modules and of the data areas for every load in %s',
    (name) => {
      const { events, modules, meta } = shippedRecording(name);
      let areas = 0;
      for (const event of events) {
        const file = modules.get(event.name);
        if (event.op !== 'modload' || !file) continue;
        const { sections } = layoutModule(file, moduleLayoutRule(meta.release));
        const pages = sections.map(pageBytes);
        const total = pages.reduce((sum, bytes) => sum + bytes, 0);
        const core = pages.slice(0, 4).reduce((sum, bytes) => sum + bytes, 0);
        expect([core, total]).toContain(event.observed.moduleBytes);
        // Text may come from a block; the other areas that stay have exactly these sizes.
        const made = (event.observed.added ?? [])
          .filter((area) => !area.caller.startsWith('execmem_alloc+') && area.pages < 512)
          .map((area) => Number(area.end - area.start) - 4096);
        const wanted = pages.slice(0, 4).filter((bytes) => bytes > 0);
        for (const bytes of made) expect(wanted).toContain(bytes);
        areas += made.length;
      }
      expect(areas).toBeGreaterThan(300);
    },
  );
});
