import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

/** The control line of a virtual machine (QEMU's qmp-spec). */
export interface Qmp {
  /** Rejects with QEMU's own words when it refuses. */
  execute(command: string, args?: Record<string, unknown>): Promise<unknown>;
  /** A line of the old monitor, with what it prints. */
  monitor(line: string): Promise<string>;
  close(): void;
}

interface Answer {
  return?: unknown;
  error?: { desc: string };
  id?: number;
}

/** Waits until the machine listens there. */
export async function connectWhenThere(path: string, isOver: () => boolean): Promise<Socket> {
  for (;;) {
    const socket = await new Promise<Socket | undefined>(resolve => {
      const attempt = createConnection(path);
      attempt.once('connect', () => resolve(attempt));
      attempt.once('error', () => resolve(undefined));
    });
    if (socket) return socket;
    if (isOver()) throw new Error(`the machine ended before it opened ${path}`);
    await sleep(50);
  }
}

export async function openQmp(socket: Socket): Promise<Qmp> {
  const waiting = new Map<number, (answer: Answer) => void>();
  let nextId = 0;
  socket.on('error', () => socket.destroy());
  socket.once('close', () => {
    for (const settle of waiting.values()) settle({ error: { desc: 'the machine is gone' } });
  });
  createInterface({ input: socket }).on('line', line => {
    const answer = JSON.parse(line) as Answer;
    if (answer.id === undefined) return; // greeting and events
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });

  async function execute(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    const id = nextId++;
    const answer = await new Promise<Answer>(resolve => {
      waiting.set(id, resolve);
      socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
    if (answer.error) throw new Error(`${command}: ${answer.error.desc}`);
    return answer.return;
  }
  await execute('qmp_capabilities');
  return {
    execute,
    monitor: async line => String(await execute('human-monitor-command', { 'command-line': line })),
    close: () => socket.destroy(),
  };
}
