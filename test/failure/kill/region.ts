import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSqliteStorage } from '../../../central/storage/sqlite.ts';
import { sqliteDriver } from '../../../central/storage/sqlite-dialect.ts';
import type { TlsIdentity } from '../../../device/sync/centre-line.ts';
import { openDatabase } from '../../../platform/sqlite.ts';
import { type Authority, createAuthority } from '../../../provisioning/certificates/authority.ts';
import { registerPath } from '../../bench/setting/box-config.ts';
import { startTcpProxy } from '../../simulators/tcp-proxy/tcp-proxy.ts';
import { unsentIn } from '../books/box-books.ts';
import { toldIn } from '../books/told.ts';
import { assertAllArrived, assertNothingLost, type Evidence } from '../invariants.ts';
import { bundlePrograms } from './bundle.ts';
import { type Killable, startKillable } from './program.ts';
import type { BoxWish, CentreWish } from './wishes.ts';

/** A program that is started again whenever it is gone. */
export interface Seat {
  name: string;
  program(): Killable | undefined;
  start(env?: Record<string, string>): Promise<void>;
}

export interface KillRegion {
  /** The centre first. */
  seats: Seat[];
  /** Looks into the books beside the running programs. Fails when a promise is broken. */
  check(when: string): Promise<void>;
  /** Lets all come to rest and fails when a promise is broken or something has not arrived. */
  settle(when: string): Promise<void>;
  close(): Promise<void>;
}

const paceMs = 10;
/** Without anything that arrives. */
const settleWithinMs = 60_000;

/** A centre with its embedded broker and some boxes, each a process, joined by lines that stay where they are. */
export async function openKillRegion(dir: string, boxes: readonly string[]): Promise<KillRegion> {
  const network = await createAuthority('Проба: отказы');
  const [messages, content] = [await startTcpProxy(), await startTcpProxy()];
  const said = new Map<string, string[]>();
  const env = { NODE_COMPILE_CACHE: join(dir, 'compiled') };
  const programs = join(dir, 'programs');
  await bundlePrograms(programs);
  const centreDir = join(dir, 'centre');
  const dirOf = (box: string) => join(dir, box);
  mkdirSync(centreDir, { recursive: true });

  function seat<Wish>(
    script: string,
    name: string,
    wishNow: () => Wish,
    ready: (line: string) => void,
  ): Seat {
    let program: Killable | undefined;
    said.set(name, []);
    return {
      name,
      program: () => program,
      async start(more = {}) {
        said.get(name)?.push(...(program?.said ?? []));
        const file = join(dir, `${name}.json`);
        writeFileSync(file, JSON.stringify(wishNow()));
        program = startKillable(join(programs, `${script}.js`), file, { ...env, ...more });
        ready(await program.line('ready'));
      },
    };
  }

  const centreTls = await identity(network, 'centre', 'tls-server');
  const centre = seat(
    'centre',
    'centre',
    (): CentreWish => ({ dir: centreDir, tls: centreTls, boxes, paceMs }),
    line => {
      const [, mqttPort, contentPort] = line.split(' ').map(Number);
      [messages.target, content.target] = [mqttPort, contentPort];
    },
  );
  const seats = [centre];
  for (const box of boxes) {
    const tls = await identity(network, box, 'tls-client');
    const wishNow = (): BoxWish => ({
      ...{ box, dir: dirOf(box), tls, paceMs },
      register: registerPath,
      mqttUrl: `mqtts://127.0.0.1:${messages.port}`,
      contentUrl: `https://127.0.0.1:${content.port}`,
      unanswered: unansweredIn(said.get(box) ?? []),
    });
    seats.push(seat('box', box, wishNow, () => {}));
  }

  const linesOf = (each: Seat) => [...(said.get(each.name) ?? []), ...(each.program()?.said ?? [])];

  async function withEvidence(use: (evidence: Evidence) => Promise<void>): Promise<void> {
    const lines = linesOf(centre);
    const sent = (box: string) =>
      lines.filter(line => line.startsWith('receipt') && line.includes(`/${box}/`));
    const evidence = seats.slice(1).map(each => ({
      ...{ box: each.name, dir: dirOf(each.name), blobsDir: join(dirOf(each.name), 'blobs') },
      told: { ...toldIn(linesOf(each)).told, receipts: toldIn(sent(each.name)).told.receipts },
    }));
    // Only reads: bringing it up to date would wait for the running centre's writes.
    const storage = createSqliteStorage(sqliteDriver(openDatabase(join(centreDir, 'centre.db'))));
    try {
      const toldContents = toldIn(lines).told.contents;
      await use({ boxes: evidence, centre: { storage, blobsDir: join(centreDir, 'blobs'), toldContents } });
    } finally {
      await storage.close();
    }
  }

  return {
    seats,
    check: when => withEvidence(evidence => assertNothingLost(evidence, when)),
    async settle(when) {
      for (const each of seats) each.program()?.quiet();
      await Promise.all(seats.map(each => each.program()?.line('quiet')));
      let [endsMs, left] = [performance.now() + settleWithinMs, Number.POSITIVE_INFINITY];
      for (;;) {
        const unsent = boxes.reduce((sum, box) => sum + unsentIn(dirOf(box)), 0);
        // A busy machine is slow, and not broken.
        if (unsent < left) [endsMs, left] = [performance.now() + settleWithinMs, unsent];
        const isOver = performance.now() > endsMs;
        if (unsent === 0 || isOver)
          try {
            return await withEvidence(evidence => assertAllArrived(evidence, when));
          } catch (error) {
            if (isOver) throw error;
          }
        await new Promise(resolve => setTimeout(resolve, 100));
      }
    },
    async close() {
      await Promise.all(seats.map(each => each.program()?.kill()));
      await Promise.all([messages.close(), content.close()]);
    },
  };
}

/** Wishes that were made and not answered. */
function unansweredIn(lines: readonly string[]): string[] {
  const { asked, told } = toldIn(lines);
  const answered = new Set(told.tickets.map(({ requestId }) => requestId));
  return [...asked].filter(requestId => !answered.has(requestId));
}

async function identity(
  authority: Authority,
  commonName: string,
  usage: 'tls-server' | 'tls-client',
): Promise<TlsIdentity> {
  const names = usage === 'tls-server' ? { names: ['localhost', '127.0.0.1'] } : {};
  const { certificate, privateKey } = await authority.issue({ commonName, usage, days: 2, ...names });
  return { ca: authority.certificate, cert: certificate, key: privateKey ?? '' };
}
