/**
 * Steps of operations that never change during a run, worked out once: the translations of user, kernel
 * and data pages, and the quantiles at which steps in pools look for their members.
 */

/** Steps of one operation in one row: page (4 KiB page number) and translation by step. */
export class StepList {
  count = 0;
  pages = new Float64Array(8);
  translations = new Int32Array(8);

  add(page: number, translation: number): void {
    if (this.count === this.pages.length) {
      const { pages, translations } = this;
      this.pages = new Float64Array(pages.length * 2);
      this.pages.set(pages);
      this.translations = new Int32Array(translations.length * 2);
      this.translations.set(translations);
    }
    this.pages[this.count] = page;
    this.translations[this.count] = translation;
    this.count += 1;
  }
}

/** Where steps of one operation look in a pool, by step: member and page inside it, in [0, 1). */
export class PlaceList {
  count = 0;
  members = new Float64Array(8);
  pages = new Float64Array(8);

  add(member: number, page: number): void {
    if (this.count === this.members.length) {
      const { members, pages } = this;
      this.members = new Float64Array(members.length * 2);
      this.members.set(members);
      this.pages = new Float64Array(pages.length * 2);
      this.pages.set(pages);
    }
    this.members[this.count] = member;
    this.pages[this.count] = page;
    this.count += 1;
  }
}

/** Lists by row, address space and operation, made when first asked for. */
export class OperationLists<List> {
  private readonly lists: (List | undefined)[] = [];

  constructor(
    private readonly operations: number,
    private readonly spaces: number,
    private readonly create: () => List,
  ) {}

  of(row: number, space: number, operation: number): List {
    const index = (row * this.spaces + space) * this.operations + operation;
    const known = this.lists[index];
    if (known !== undefined) return known;
    const list = this.create();
    this.lists[index] = list;
    return list;
  }
}
