import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { compile } from '../setting/compile.ts';
import { atTheEnd } from '../setting/ending.ts';
import { Skipped } from '../setting/skip.ts';

const run = promisify(execFile);

/** Of one direction, except the names. */
export interface LineWish {
  delayMs: number;
  lossPercent: number;
  mbitPerSecond: number;
  /** What the router before the slow line holds. */
  queuePackets: number;
}

export interface LossyLine {
  /** Words before a program that runs on that side. */
  branch: string[];
  centre: string[];
  centreAddress: string;
  /** Sets the congestion control of connections that begin from now on. Throws `Skipped` when the kernel has none such. */
  setControl(control: string): Promise<void>;
}

/** Lays the line; it is taken up again at the end. Throws `Skipped` where no network namespaces can be made. */
export async function layLossyLine(folder: string, wish: LineWish): Promise<LossyLine> {
  if (process.getuid?.() !== 0) throw new Skipped('network namespaces can be made by root only');
  const program = await compile(new URL('lossy-line.c', import.meta.url), folder, 'lossy-line');
  const names = ['branch', 'centre'].map(side => `okno-bench-${process.pid}-${side}`);
  const [branch = '', centre = ''] = names;
  const address = { [branch]: '10.77.0.1', [centre]: '10.77.0.2' };
  const inside = (name: string) => ['ip', 'netns', 'exec', name];
  for (const name of names) {
    await run('ip', ['netns', 'add', name]).catch(noNamespaces);
    atTheEnd(() => run('ip', ['netns', 'del', name]).then(() => {}));
  }
  const { delayMs, lossPercent, mbitPerSecond, queuePackets } = wish;
  const numbers = [delayMs, lossPercent, mbitPerSecond, queuePackets].map(String);
  const line = spawn(program, [...names, ...numbers], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<never>((_resolve, reject) => {
    line.once('exit', code => reject(new Skipped(`no line between namespaces: it ended with ${code}`)));
  });
  ended.catch(() => {});
  atTheEnd(() => void line.kill());
  const lines = createInterface({ input: line.stdout });
  await Promise.race([new Promise(resolve => lines.once('line', resolve)), ended]);
  for (const name of names) {
    await run('ip', ['-n', name, 'addr', 'add', `${address[name]}/24`, 'dev', 'line']);
    for (const device of ['line', 'lo']) await run('ip', ['-n', name, 'link', 'set', device, 'up']);
  }
  return {
    branch: inside(branch),
    centre: inside(centre),
    centreAddress: '10.77.0.2',
    async setControl(control) {
      const setting = 'net.ipv4.tcp_congestion_control';
      for (const name of names)
        await run('ip', ['netns', 'exec', name, 'sysctl', '-qw', `${setting}=${control}`]).catch(() => {
          throw new Skipped(`this kernel does not give ${control} to namespaces`);
        });
    },
  };
}

function noNamespaces(error: Error): never {
  throw new Skipped(`network namespaces cannot be made: ${error.message.trim().split('\n').at(-1)}`);
}
