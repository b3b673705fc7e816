/**
 * How many requests each line of the scenario made. Counted by statement while the run goes on, added up
 * by line at its end; statements that could make requests and made none count as 0.
 */
import type { LineRequests } from '../contract/run-result.js';
import type { PointPlan, StatementPlan } from '../contract/scenario-plan.js';

export class LineCounter {
  private readonly bySite: Float64Array;

  constructor(private readonly point: PointPlan) {
    this.bySite = new Float64Array(point.sites.length);
  }

  /** A request of the statement at a site; -1 for none. */
  add(site: number): void {
    if (site >= 0) this.bySite[site] = (this.bySite[site] ?? 0) + 1;
  }

  /** Lines of the scenario itself, not of used files, ascending. */
  lines(): readonly LineRequests[] {
    const sites = new Set<number>();
    for (const phase of this.point.phases) collectSites(phase.body, sites);
    this.bySite.forEach((requests, site) => {
      if (requests > 0) sites.add(site);
    });
    const byLine = new Map<number, number>();
    for (const site of sites) {
      const place = this.point.sites[site];
      if (place === undefined || place.source !== undefined) continue;
      byLine.set(place.line, (byLine.get(place.line) ?? 0) + (this.bySite[site] ?? 0));
    }
    return [...byLine]
      .map(([line, requests]) => ({ line, requests }))
      .sort((a, b) => a.line - b.line);
  }
}

/** Sites of statements that make requests by themselves. */
function collectSites(plans: readonly StatementPlan[], into: Set<number>): void {
  for (const plan of plans) {
    switch (plan.kind) {
      case 'create':
      case 'release':
      case 'poke':
      case 'start':
      case 'replay':
        into.add(plan.site);
        break;
      case 'churn':
        into.add(plan.item.site);
        break;
      case 'repeat':
      case 'every':
      case 'arrive':
      case 'at':
        collectSites(plan.body, into);
        break;
      case 'parallel':
        for (const { body } of plan.branches) collectSites(body, into);
        break;
      case 'mix':
        for (const { body } of plan.options) collectSites(body, into);
        break;
      case 'wait':
      case 'execute':
      case 'mark':
        break;
    }
  }
}
