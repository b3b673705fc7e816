/** The statements of the language, sorted. A new one is a file beside this and a line here. */
import { createRegistry } from '../../src/base/registry.js';
import { arriveStatement } from './arrive.js';
import { atStatement } from './at.js';
import { churnStatement } from './churn.js';
import { everyStatement } from './every.js';
import { executeStatement } from './execute.js';
import { forStatement } from './for.js';
import { freeStatement } from './free.js';
import { ifStatement } from './if.js';
import { letStatement } from './let.js';
import { loadStatement } from './load.js';
import { markStatement } from './mark.js';
import { mixStatement } from './mix.js';
import { parallelStatement } from './parallel.js';
import { pokeStatement } from './poke.js';
import { repeatStatement } from './repeat.js';
import { replayStatement } from './replay.js';
import { runStatement } from './run.js';
import { startStatement } from './start.js';
import { waitStatement } from './wait.js';

export const STATEMENTS = createRegistry(
  'statement',
  [
    arriveStatement,
    atStatement,
    churnStatement,
    everyStatement,
    executeStatement,
    forStatement,
    freeStatement,
    ifStatement,
    letStatement,
    loadStatement,
    markStatement,
    mixStatement,
    parallelStatement,
    pokeStatement,
    repeatStatement,
    replayStatement,
    runStatement,
    startStatement,
    waitStatement,
  ],
  (module) => module.keyword,
);
