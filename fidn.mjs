import { execFileSync } from 'node:child_process';
const out=execFileSync('node',['out/main/cli.js','fidelity','--json'],{maxBuffer:1e9});
const r=JSON.parse(out); let near=0,inr=0,tot=0,abs=0; const show=process.argv[2]==='v';
for(const x of r.results){let n=0,i=0; for(const s of x.splits){tot++; const ok=Math.abs(s.default-s.recorded)<=Math.max(s.spread,0.15*s.recorded); n+=ok; const ir=s.recorded>=s.low&&s.recorded<=s.high; i+=ir; abs+=(s.default-s.recorded)/Math.max(1,s.recorded);} near+=n; inr+=i; console.log(x.recording.padEnd(24),n,i,x.splits.length, show? x.splits.map(s=>s.recorded+':'+s.low+'/'+s.default+'/'+s.high).join(' '):'');}
console.log('near',near,'in',inr,'of',tot,'bias',(abs/tot).toFixed(3));
