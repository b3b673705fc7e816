/**
 * Drives a design with a generated mix of loads and frees and watches what must hold for every
 * design: live objects lie in mapped memory of their kind, nothing is writable and executable unless
 * declared, frees give back what was taken. Runs over any KernelMm.
 */
import { assert } from '../../src/base/assert.js';
import { PrngStream } from '../../src/base/prng.js';
import type {
  AllocatorDesign,
  DesignInstance,
  DesignOptions,
} from '../../src/mm/allocator-design.js';
import type { OptionSpec } from '../../src/contract/catalog.js';
import type { OptionValue } from '../../src/contract/scenario-plan.js';
import type { KernelMm } from '../../src/mm/kernel-mm.js';
import { PlacementKind } from '../../src/mm/placements.js';

type ObjectKind = 'module' | 'bpf' | 'trampoline' | 'kprobe' | 'raw';

interface LiveObject {
  readonly id: number;
  readonly kind: ObjectKind;
  initDone: boolean;
  initFreed: boolean;
}

const KINDS: readonly ObjectKind[] = [
  'module',
  'bpf',
  'bpf',
  'bpf',
  'trampoline',
  'kprobe',
  'kprobe',
  'raw',
];

export const defaultOptions = (design: AllocatorDesign): DesignOptions =>
  Object.fromEntries(design.options.map((spec) => [spec.name, spec.default]));

/** The default, then every option at every other value, one at a time. */
export function optionVariants(
  design: AllocatorDesign,
): readonly (readonly [string, DesignOptions])[] {
  const defaults = defaultOptions(design);
  const variants: [string, DesignOptions][] = [['defaults', defaults]];
  for (const spec of design.options) {
    for (const value of otherValues(spec)) {
      variants.push([`${spec.name} ${String(value)}`, { ...defaults, [spec.name]: value }]);
    }
  }
  return variants;
}

function otherValues(spec: OptionSpec): readonly OptionValue[] {
  switch (spec.kind) {
    case 'choice':
      return spec.values.filter((value) => value !== spec.default);
    case 'switch':
      return [!spec.default];
    case 'size':
    case 'count':
      return [spec.min, spec.max].filter((value) => value !== spec.default);
    case 'set':
      return [[], ...spec.values.map((value) => [value]), [...spec.values]];
    case 'pack':
      return ['4K', '2M', '4M', 'per_node(2M)'].filter((value) => value !== spec.default);
  }
}

export class DesignWorkload {
  readonly instance: DesignInstance;
  readonly live: LiveObject[] = [];
  served = 0;
  refused = 0;
  private nextId = 1;
  private readonly random: PrngStream;

  constructor(
    readonly mm: KernelMm,
    readonly design: AllocatorDesign,
    options: DesignOptions,
    seed: number,
  ) {
    this.instance = design.create(mm, options);
    this.random = new PrngStream(seed, design.name);
  }

  /** Creations and frees; creations outweigh frees by `growth` (0..1). */
  run(steps: number, growth = 0.6): void {
    for (let step = 0; step < steps; step += 1) {
      if (this.live.length === 0 || this.random.unit() < growth) this.create();
      else this.change();
      this.instance.runWorkers();
    }
  }

  freeAll(): void {
    while (this.live.length > 0) {
      this.release(this.random.below(this.live.length));
      this.instance.runWorkers();
    }
  }

  /** Creates one object; false when it was refused. */
  create(kind: ObjectKind = KINDS[this.random.below(KINDS.length)] ?? 'bpf'): boolean {
    const id = this.nextId;
    this.nextId += 1;
    const served = this.serve(id, kind);
    if (served) {
      this.served += 1;
      this.live.push({ id, kind, initDone: false, initFreed: false });
    } else {
      this.refused += 1;
      assert(
        this.mm.placements.extentsOf(id).length === 0,
        () => `object ${id} was refused and has placements`,
      );
    }
    return served;
  }

  /** Every live object is mapped as its kind wants it. */
  check(): void {
    const { mm } = this;
    for (const { object, kind, byte, sizeBytes } of mm.placements.extents()) {
      const text = kind === PlacementKind.text;
      for (let page = Math.floor(byte / 4096); page * 4096 < byte + sizeBytes; page += 1) {
        const where = (): string => `object ${object}, page ${page}`;
        assert(mm.leafLevel(page) > 0, () => `${where()} is not mapped`);
        assert(mm.isExecutable(page) === text, () => `${where()}: executable is not ${text}`);
        if (!this.declaresWritableText) {
          assert(!text || !mm.isWritable(page), () => `${where()}: text is writable`);
        }
        assert(kind !== PlacementKind.data || mm.isWritable(page), () => `${where()} is data`);
      }
    }
    assert(mm.placements.overlapBytes === 0, 'nothing overlaps');
    this.instance.verify();
  }

  private get declaresWritableText(): boolean {
    return this.design.writableExecutable.length > 0;
  }

  private serve(id: number, kind: ObjectKind): boolean {
    const { instance, random } = this;
    switch (kind) {
      case 'module':
        return instance.loadModule(id, this.sections());
      case 'bpf':
        return instance.loadBpf(id, this.size(random.unit() < 0.02 ? 3000000 : 4000));
      case 'trampoline':
        return instance.createTrampoline(id, random.below(2), random.below(2) * this.size(600));
      case 'kprobe':
        return instance.registerKprobe(id, 0, random.unit() < 0.5);
      case 'raw':
        return instance.allocRaw(id, random.below(3), this.size(40000));
    }
  }

  private size(maxBytes: number): number {
    return 1 + this.random.below(maxBytes);
  }

  private sections(): readonly number[] {
    const { random } = this;
    const large = random.unit() < 0.03 ? 60 : 1;
    const maxima = [60000 * large, 20000, 30000, 3000, 9000, 12000, 3000];
    return maxima.map((max, section) => {
      if (section > 0 && random.unit() < 0.25) return 0;
      return this.size(max);
    });
  }

  private change(): void {
    const index = this.random.below(this.live.length);
    const object = this.live[index];
    assert(object !== undefined, 'an object is live');
    if (object.kind === 'module' && !object.initDone) {
      object.initDone = true;
      this.instance.finishModuleInit(object.id);
      return;
    }
    if (object.kind === 'module' && !object.initFreed && this.random.unit() < 0.7) {
      object.initFreed = true;
      this.instance.freeModuleInit(object.id);
      return;
    }
    if (this.random.unit() < 0.1) this.instance.poke(object.id);
    else this.release(index);
  }

  private release(index: number): void {
    const [object] = this.live.splice(index, 1);
    assert(object !== undefined, 'an object is live');
    const { id } = object;
    switch (object.kind) {
      case 'module':
        this.instance.unloadModule(id);
        break;
      case 'bpf':
        this.instance.freeBpf(id);
        break;
      case 'trampoline':
        this.instance.freeTrampoline(id);
        break;
      case 'kprobe':
        this.instance.unregisterKprobe(id);
        break;
      case 'raw':
        this.instance.freeRaw(id);
        break;
    }
    assert(
      this.mm.placements.extentsOf(id).length === 0,
      () => `object ${id} is gone and has placements`,
    );
  }
}
