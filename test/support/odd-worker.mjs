/**
 * A stand-in for the simulation worker that does what the seed of its job says: 1 answers, 2 dies,
 * 3 dies the first time, 4 never ends, 5 never ends and shows no sign of life. It tells whether it could read the plan.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { deserialize } from 'node:v8';

export default function runTask({ planBytes, job, progress, eventsFolder }) {
  const counter = new Float64Array(progress);
  const plan = deserialize(new Uint8Array(planBytes));
  if (job.seed === 2) process.exit(1);
  if (job.seed === 3 && !existsSync(eventsFolder)) {
    writeFileSync(eventsFolder, 'died once');
    process.exit(1);
  }
  while (job.seed === 5);
  for (let i = 0; job.seed === 4; i += 1) counter[0] = i;
  return { kind: 'finished', run: { ...job, requestCount: 5, title: plan.title } };
}
