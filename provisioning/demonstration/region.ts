import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CentreConfig } from '../../central/config.ts';
import { type BoxConfig, writeBoxConfig } from '../../device/config/box-config.ts';
import { boxNodeFlags } from '../../device/node-flags.ts';
import { hashPassword } from '../../platform/login.ts';
import { buildUi } from '../../ui/build.ts';
import { withAddresses } from '../certificates/authority.ts';
import {
  type DemonstrationBranch,
  demonstrationBranches,
  demonstrationTimeZone,
  demonstrationZones,
} from './branches.ts';
import {
  centreIdentities,
  demonstrationHost as host,
  demonstrationRegister as registerPath,
  writeCentreConfig,
} from './centre-config.ts';
import { startCluster } from './cluster.ts';
import { openAuthority, openIdentity, openSecrets, type Secrets } from './identities.ts';
import { type PortPlan, portPlan } from './ports.ts';
import { type Program, runProgramOnce, startProgram } from './programs.ts';

export interface RegionOptions {
  /** Everything of the region lies here: keys, databases, what was printed. */
  dir: string;
  /** First port of the block. */
  basePort: number;
  /** How many of the three branches. */
  branches: number;
  /** Milliseconds between the steps of the simulated agencies. */
  agencyStepMs: number;
  /** Serial instead of network for the first branch's ticket printer. */
  serialPrinter?: boolean;
  withoutCentre?: boolean;
  /** Two centres that share a database, a broker and a content store, instead of one. */
  cluster?: boolean;
  /** The clerks' keys are of GOST R 34.10-2012. */
  gost?: boolean;
  /** Where the boards of the branches find pictures and films; those of the demonstration when left out. */
  mediaDir?: string;
  /** Told of what is being prepared, in Russian. */
  onProgress?: (what: string) => void;
}

export interface RegionBranch extends DemonstrationBranch {
  url: string;
  panelUrl: string;
  printerPort: number;
  configPath: string;
  program(): Program;
  /** After a kill. */
  restart(): Promise<void>;
}

export interface Region {
  dir: string;
  secrets: Secrets;
  operatorUrl: string;
  agencyControlUrl: string;
  /** The simulated certification authority; `POST /revoke` takes a certificate's serial number. */
  authorityUrl: string;
  /** PEM file of the stamping authority. */
  stampsCaFile: string;
  branches: RegionBranch[];
  /** Certificates to verify documents, packages and results with, PEM files. */
  trust: CentreConfig['trust'];
  centre(): Program | undefined;
  /** Of a cluster. Pages and content of boxes are the first one's. */
  secondCentre(): Program | undefined;
  startCentre(): Promise<void>;
  agencies(): Program;
  stop(): Promise<void>;
}

/** Brings up a centre, its agencies and branches with their devices, each a process of its own. */
export async function startRegion(options: RegionOptions): Promise<Region> {
  const { dir, onProgress = () => {} } = options;
  const ports = portPlan(options.basePort, options.branches);
  await mkdir(dir, { recursive: true });
  onProgress('ключи и сертификаты');
  const secrets = await openSecrets(dir);
  // An authority of its own for each purpose: a key for connections must not be able to sign documents.
  const [network, clerks, sealAuthority] = await Promise.all([
    openAuthority(join(dir, 'ca/network'), 'Демонстрация Окна: связь'),
    openAuthority(join(dir, 'ca/clerks'), 'Демонстрация Окна: удостоверяющий центр специалистов'),
    openAuthority(join(dir, 'ca/boxes'), 'Демонстрация Окна: печати устройств'),
  ]);
  const authorityUrl = `http://${host}:${ports.authority}`;
  const addressesOf = (name: string) => ({
    list: `${authorityUrl}/${name}.crl`,
    responder: `${authorityUrl}/${name}/ocsp`,
  });
  const seals = {
    ...sealAuthority,
    authority: withAddresses(sealAuthority.authority, addressesOf('boxes')),
  };
  const logs = join(dir, 'logs');
  const running: Program[] = [];
  const start = async (name: string, script: string, args: string[], nodeFlags: readonly string[] = []) => {
    const program = await startProgram({ script, args, nodeFlags, logFile: join(logs, `${name}.log`) });
    running.push(program);
    return program;
  };

  try {
    onProgress('страницы');
    const uiDir = join(dir, 'ui');
    await buildUi(uiDir);

    onProgress('системы ведомств, удостоверяющий центр');
    const authorityStarts = start('authority', 'test/simulators/authority/main.ts', [
      ...['--dir', join(dir, 'ca/authority'), '--port', String(ports.authority)],
      ...['--authority', `clerks=${clerks.dir}`, '--authority', `boxes=${sealAuthority.dir}`],
      ...['--authority', `officers=${join(dir, 'agencies/signing-authority.json')}`],
    ]);
    const agenciesStart = start('agencies', 'test/simulators/agency-system/main.ts', [
      ...['--dir', join(dir, 'agencies'), '--port', String(ports.agencies)],
      ...['--control-port', String(ports.agenciesControl), '--step-ms', String(options.agencyStepMs)],
      ...['--anchors', clerks.anchorsDir, '--container-anchors', seals.anchorsDir],
      ...['--client-ca', network.path, '--client-name', 'centre', '--register', registerPath],
    ]);
    const [authority, agencies] = await Promise.all([authorityStarts, agenciesStart]);
    const { stampsCaFile } = authority.ready as { stampsCaFile: string };
    const agencyFiles = agencies.ready as {
      url: string;
      caFile: string;
      officerCaFile: string;
      controlUrl: string;
    };

    const identities = await centreIdentities(dir, network, seals);
    if (options.cluster) onProgress('база данных, брокер, хранилище файлов');
    const cluster = options.cluster
      ? await startCluster(start, { ca: network.path, ...identities })
      : undefined;
    const named = { clerks: clerks.path, boxes: seals.path, officers: agencyFiles.officerCaFile };
    const authorities = Object.entries(named).map(([name, certificate]) => {
      const { list, responder } = addressesOf(name);
      return { certificate, lists: [list], responders: [responder] };
    });
    const stamps = { url: `${authorityUrl}/stamps`, ca: stampsCaFile };
    const common = {
      ...{ dir, secrets, network, identities, cluster, trust: trustOf(), agencyFiles },
      ...{ authorities, stamps },
    };
    const centreConfig = await writeCentreConfig('centre', { ...common, ports });
    const anyPorts = { mqtt: 0, content: 0, operator: 0 };
    const secondConfig = cluster && (await writeCentreConfig('centre-2', { ...common, ports: anyPorts }));
    let centre: Program | undefined;
    let second: Program | undefined;
    const startCentre = async () => {
      centre = await start('centre', 'central/main.ts', [centreConfig, uiDir]);
      if (secondConfig) second = await start('centre-2', 'central/main.ts', [secondConfig, uiDir]);
      await cluster?.admit(demonstrationBranches.map(({ box }) => box));
    };
    onProgress('центр');
    if (!options.withoutCentre) await startCentre();

    const branches: RegionBranch[] = [];
    for (const [index, branch] of demonstrationBranches.slice(0, options.branches).entries()) {
      onProgress(branch.name.ru);
      branches.push(await startBranch(branch, index));
    }
    return {
      dir,
      secrets,
      operatorUrl: `http://localhost:${ports.operator}`,
      agencyControlUrl: agencyFiles.controlUrl,
      authorityUrl,
      stampsCaFile,
      branches,
      trust: trustOf(),
      centre: () => centre,
      secondCentre: () => second,
      startCentre,
      agencies: () => agencies,
      stop,
    };

    async function startBranch(branch: DemonstrationBranch, index: number): Promise<RegionBranch> {
      const branchPorts = ports.branches[index] as PortPlan['branches'][number];
      const branchDir = join(dir, branch.box);
      const incomingDir = join(branchDir, 'incoming');
      await mkdir(incomingDir, { recursive: true });
      const token = (await runProgramOnce('test/simulators/token/main.ts', [
        ...['--dir', join(branchDir, 'token'), '--label', branch.box, '--pin', secrets.pin],
        ...['--owner-name', branch.clerk.name, '--owner-title', branch.clerk.post],
        ...['--organisation', branch.name.ru, '--authority', clerks.dir],
        ...['--revocation-url', `${authorityUrl}/clerks`],
        ...(options.gost ? ['--gost'] : []),
      ])) as BoxConfig['token'];
      const url = `http://localhost:${branchPorts.http}`;
      const pty = options.serialPrinter && index === 0 ? join(branchDir, 'printer-tty') : undefined;
      const devices = await start(`${branch.box}-devices`, 'test/simulators/branch/main.ts', [
        ...['--dir', join(branchDir, 'devices'), '--branch', branch.name.ru, '--box-url', url],
        ...['--incoming-dir', incomingDir],
        ...['--token-pulled-file', join(token.env.TOKEN_SHIM_STATE ?? branchDir, 'pulled')],
        ...['--port', String(branchPorts.panel), '--printer-port', String(branchPorts.printer)],
        ...['--ipp-port', String(branchPorts.ipp), ...(pty ? ['--printer-pty', pty] : [])],
      ]);
      const {
        ippUrl,
        glass,
        url: panelUrl,
      } = devices.ready as { ippUrl: string; glass: string; url: string };
      const saneDir = join(branchDir, 'sane');
      await mkdir(saneDir, { recursive: true });
      await writeFile(join(saneDir, 'dll.conf'), 'pnm\ntest\n');
      const configPath = join(branchDir, 'box.json');
      await writeBoxConfig(configPath, {
        ...(await commonBoxConfig(branch, branchDir)),
        http: { host, port: branchPorts.http, publicUrl: url },
        incomingDir,
        screens: { mediaDir: options.mediaDir ?? fileURLToPath(new URL('media', import.meta.url)) },
        ticketPrinter: pty
          ? { line: 'serial', path: pty, baudRate: 115_200, model: 'epson-80mm' }
          : { line: 'tcp', host, port: branchPorts.printer, model: 'epson-80mm' },
        scanners: [
          {
            id: 'flatbed',
            title: 'Сканер у окна',
            device: 'pnm:0',
            configDir: saneDir,
            dpi: 300,
            options: ['--filename', glass],
          },
        ],
        a4Printer: { kind: 'ipp', url: ippUrl },
        token,
      });
      const startBox = () => start(branch.box, 'device/main.ts', [configPath, uiDir], boxNodeFlags);
      let box = await startBox();
      return {
        ...branch,
        url,
        panelUrl,
        printerPort: branchPorts.printer,
        configPath,
        program: () => box,
        async restart() {
          box = await startBox();
        },
      };
    }

    function trustOf(): CentreConfig['trust'] {
      const officers = agencyFiles.officerCaFile;
      return { clerks: clerks.path, boxes: seals.path, officers, agencySystems: officers };
    }

    async function commonBoxConfig(branch: DemonstrationBranch, branchDir: string) {
      const keys = join(branchDir, 'keys');
      const tls = await openIdentity(network.authority, keys, 'tls', {
        commonName: branch.box,
        organisation: branch.name.ru,
        usage: 'tls-client',
      });
      const seal = await openIdentity(seals.authority, keys, 'seal', {
        commonName: branch.box,
        organisation: branch.name.ru,
        usage: 'signing',
      });
      const passwordHash = await hashPassword(secrets.password);
      const user = (
        login: string,
        person: { name: string; post: string },
        role: BoxConfig['users'][number]['role'],
        window: string | null,
      ): BoxConfig['users'][number] => ({ login, ...person, role, window, passwordHash });
      return {
        box: branch.box,
        branch: {
          name: branch.name,
          address: branch.address,
          code: branch.code,
          timeZone: demonstrationTimeZone,
          windows: ['1', '2'],
          normMinutes: 15,
        },
        hall: { zones: demonstrationZones },
        dataDir: join(branchDir, 'data'),
        centre: {
          mqttUrl: `mqtts://${host}:${cluster?.mqttPort ?? ports.mqtt}`,
          contentUrl: `https://${host}:${ports.content}`,
        },
        identity: { ca: network.path, ...tls, sealCert: seal.cert, sealKey: seal.key },
        trust: trustOf(),
        register: registerPath,
        users: [
          user('clerk', branch.clerk, 'clerk', '1'),
          user('clerk2', branch.second, 'clerk', '2'),
          user('hall', { name: 'Администратор демонстрации', post: 'Администратор зала' }, 'hall', null),
          user('technician', { name: 'Техник демонстрации', post: 'Техник' }, 'technician', null),
        ],
        minFreeBytes: 50 * 1024 * 1024,
        logLevel: 'info',
      };
    }
  } catch (error) {
    await stop();
    throw error;
  }

  /** Boxes first, so that their good-bye reaches the centre; then the rest in reverse order. */
  async function stop(): Promise<void> {
    for (const program of running.toReversed()) await program.stop();
  }
}

/** Forgets everything of a region. */
export async function forgetRegion(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
}
