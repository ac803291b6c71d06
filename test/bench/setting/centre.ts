import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { CentreConfig } from '../../../central/config.ts';
import { registerPath } from './box-config.ts';
import type { Identities } from './identities.ts';
import { type Program, type ProgramWish, startProgram } from './programs.ts';

export interface CentreWish extends ProgramWish {
  folder: string;
  identities: Identities;
  boxes: readonly string[];
  host?: string;
  /** What its configuration says beside that. */
  more?: Partial<CentreConfig>;
}

export interface RunningCentre extends Program<unknown> {
  ports: { mqtt: number; content: number; operator: number };
}

export interface MeasuredCentre {
  /** Starts it, or starts it again with the same data on the same ports. */
  start(): Promise<RunningCentre>;
  /** What its ledger holds, read from the file beside the running centre. */
  stored(): { facts: number; upTo: number };
}

/** The centre as `central/main.ts` builds it, a process of its own, without agencies and operators. */
export async function prepareCentre(wish: CentreWish): Promise<MeasuredCentre> {
  const { folder, identities, boxes, host = '127.0.0.1', more, ...programWish } = wish;
  const uiDir = join(folder, 'ui');
  await mkdir(uiDir, { recursive: true });
  const path = join(folder, 'centre.json');
  const anchors = identities.ca;
  const config: CentreConfig = {
    dataDir: join(folder, 'data'),
    host,
    ports: { mqtt: 0, content: 0, operator: 0 },
    tls: identities.server,
    trust: { clerks: anchors, boxes: anchors, officers: anchors, agencySystems: anchors },
    register: registerPath,
    boxes: boxes.map(box => ({ box, name: { ru: box, en: box } })),
    agencies: [],
    pollAgenciesMs: 60_000,
    timeZone: 'Europe/Moscow',
    operators: [],
    logLevel: 'error',
    ...more,
  };
  return {
    async start() {
      await writeFile(path, JSON.stringify(config));
      const program = await startProgram<Pick<RunningCentre, 'ports'>>(
        'central/main.ts',
        [path, uiDir],
        programWish,
      );
      const { ports } = await program.heard;
      config.ports = ports;
      return { ...program, ports };
    },
    stored() {
      const db = new DatabaseSync(join(config.dataDir, 'centre.db'), { readOnly: true });
      try {
        return db
          .prepare('select (select count(*) from facts) as facts, (select sum(up_to) from streams) as upTo')
          .get() as {
          facts: number;
          upTo: number;
        };
      } finally {
        db.close();
      }
    },
  };
}
