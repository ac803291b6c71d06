import { readdirSync, readFileSync } from 'node:fs';

const clockTicksPerSecond = 100; // USER_HZ of Linux, the unit of /proc/PID/stat
const sampleEveryMs = 200;

interface Stat {
  parent: number;
  /** Its own and of children that it waited for. */
  cpuSeconds: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    // Field 2 may hold spaces; the ones behind it are counted from its closing bracket.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const [, parent = 0] = fields;
    const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + (fields[at] ?? 0), 0);
    return { parent, cpuSeconds: ticks / clockTicksPerSecond };
  } catch {
    return undefined; // It ended between the listing and the look.
  }
}

/** A process and everything it started that is still there. */
function treeOf(root: number): Map<number, Stat> {
  const all = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const stat = pid > 0 ? statOf(pid) : undefined;
    if (stat) all.set(pid, stat);
  }
  const tree = new Map<number, Stat>();
  const add = (pid: number) => {
    const stat = all.get(pid);
    if (!stat || tree.has(pid)) return;
    tree.set(pid, stat);
    for (const [child, { parent }] of all) if (parent === pid) add(child);
  };
  add(root);
  return tree;
}

/** Memory that belongs to a process, shared pages counted by their share. */
function memoryOf(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

export interface TreeWatch {
  /** Processor seconds of the tree so far. */
  cpuSeconds(): number;
  /** The highest sum of memory that was seen; ends the watch. */
  stop(): { peakMemoryBytes: number };
}

/** Watches a process and all its children. */
export function watchTree(root: number): TreeWatch {
  let peakMemoryBytes = 0;
  /** What looking costs when the root is our own process. */
  let lookedSeconds = 0;
  const look = () => {
    const before = process.cpuUsage();
    const bytes = [...treeOf(root).keys()].reduce((sum, pid) => sum + memoryOf(pid), 0);
    peakMemoryBytes = Math.max(peakMemoryBytes, bytes);
    const { user, system } = process.cpuUsage(before);
    lookedSeconds += (user + system) / 1e6;
  };
  look();
  const timer = setInterval(look, sampleEveryMs);
  return {
    cpuSeconds: () =>
      [...treeOf(root).values()].reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) -
      (root === process.pid ? lookedSeconds : 0),
    stop() {
      clearInterval(timer);
      look();
      return { peakMemoryBytes };
    },
  };
}

/** Processor seconds of children of ours that have ended. */
export function endedChildrenCpuSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
    .map(Number);
  return ((fields[13] ?? 0) + (fields[14] ?? 0)) / clockTicksPerSecond;
}
