import type { CentreConfig } from '../../central/config.ts';
import { brokerUsers } from '../../central/ingress/broker-users.ts';
import type { Program } from './programs.ts';

/** What several centres of a region share, as in docs/SCALE.md. */
export interface Cluster {
  /** Where boxes connect to. */
  mqttPort: number;
  /** The same in the configuration of every centre. */
  shared: Pick<CentreConfig, 'database' | 'rabbitmq' | 'blobs'>;
  /** Lets the boxes in; only when a centre has bound the queue. */
  admit(boxes: readonly string[]): Promise<void>;
}

interface Identity {
  cert: string;
  key: string;
}

/** Starts a database, a broker and a simulated content store on this machine. Paths are those of PEM files. */
export async function startCluster(
  start: (name: string, script: string, args: string[]) => Promise<Program>,
  wish: { ca: string; server: Identity; client: Identity },
): Promise<Cluster> {
  const { ca, server, client } = wish;
  const program = await start('cluster', 'test/simulators/cluster/main.ts', [
    ...['--ca', ca, '--cert', server.cert, '--key', server.key],
    ...['--centre-cert', client.cert, '--centre-key', client.key],
  ]);
  const { database, brokers, content, controlUrl } = program.ready as {
    database: string;
    brokers: { url: string; mqttPort: number }[];
    content: { url: string; region: string; accessKey: string; secretKey: string };
    controlUrl: string;
  };
  const urls = brokers.map(({ url }) => url);
  return {
    mqttPort: brokers[0]?.mqttPort ?? 0,
    shared: { database, rabbitmq: { urls, ca, ...client }, blobs: { s3: { ...content, ca } } },
    async admit(boxes) {
      const body = JSON.stringify(brokerUsers(boxes));
      const answer = await fetch(new URL('/definitions', controlUrl), { method: 'POST', body });
      if (!answer.ok) throw new Error(`the broker took no users: ${answer.status}`);
    },
  };
}
