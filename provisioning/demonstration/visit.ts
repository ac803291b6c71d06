import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npmCommand } from '../npm-command.ts';
import { someFreeBase } from './ports.ts';
import { type Region, startRegion } from './region.ts';
import { keepEvidence, visitChecks } from './visit-checks.ts';
import { createVisit, type Found } from './visit-steps.ts';

const flags = npmCommand(
  'npm run visit',
  'one citizen’s whole visit through the real parts, without a browser',
)
  .option('--json', 'one object a step on standard output, besides the text on standard error')
  .option('--out <folder>', 'keep every artefact')
  .option('--late-centre', 'start the centre only after the package was sent')
  .option('--cluster', 'two centres with RabbitMQ, PostgreSQL and S3, one of which is killed on the way')
  .option('--gost', 'the clerk’s key is one of GOST R 34.10-2012')
  .addHelpText('after', '\nExit status: 0 only if every step and every check held.')
  .parse()
  .opts<{ json?: true; out?: string; lateCentre?: true; cluster?: true; gost?: true }>();
const { lateCentre = false, cluster = false, gost = false } = flags;

const titles: Record<string, string> = {
  region: 'Регион поднят',
  ticket: 'Талон выдан и напечатан',
  call: 'Вызов на табло, заявитель у окна, дело открыто',
  scan: 'Бумаги отсканированы',
  recognise: 'Страницы распознаны',
  sign: 'Каждый документ подписан ключом',
  package: 'Пакет собран и отправлен',
  'centre-killed': 'Один из двух центров убит',
  sync: 'Центр подтвердил всё',
  centre: 'Пакет проверен и передан ведомству',
  agency: 'Ведомство прислало подписанный результат',
  result: 'Бумажная копия напечатана и выдана',
  'check-signatures': 'Подписи проверены посторонней программой',
  'check-package': 'Пакет проверен целиком',
  'check-text': 'Текст находится в PDF',
  'check-pdf': 'Файлы PDF исправны',
  'check-ticket': 'Байты талона читаются',
  'check-evidence': 'Доказано, что пакет существовал и подписавшие не были отозваны',
  'check-audit': 'История дела доказана журналом событий центра',
  'check-ledger': 'Журнал устройства равен книге центра',
};

let failed = false;

async function step(name: string, work: () => Promise<Found>): Promise<void> {
  const beganMs = performance.now();
  const { ok, ...found } = await work().catch(
    (error: unknown): Found => ({ ok: false, error: String(error) }),
  );
  const ms = Math.round(performance.now() - beganMs);
  if (ok !== true) failed = true;
  if (flags.json) console.log(JSON.stringify({ step: name, ok: ok === true, ms, ...found }));
  const details = Object.entries(found).map(
    ([key, value]) => `${key}: ${Array.isArray(value) ? value.join(', ') : value}`,
  );
  process.stderr.write(
    `${ok === true ? '✔' : '✘'} ${titles[name] ?? name} (${ms} мс)\n    ${details.join('\n    ')}\n`,
  );
  if (ok !== true) throw new Error(name);
}

const outDir = flags.out ? resolve(flags.out) : undefined;
const regionDir = await mkdtemp(join(tmpdir(), 'okno-visit-'));
const keepDir = outDir ?? join(regionDir, 'out');
await mkdir(keepDir, { recursive: true });
let region: Region | undefined;

// Whatever happens, no process of the region stays behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    // While the region still starts, our end closes the channels of its programs and they end by themselves.
    void (region?.stop() ?? Promise.resolve()).finally(() => process.exit(130));
  });

try {
  await step('region', async () => {
    region = await startRegion({
      dir: regionDir,
      basePort: await someFreeBase(1),
      branches: 1,
      agencyStepMs: 400,
      withoutCentre: lateCentre,
      cluster,
      gost,
    });
    return { branch: region.branches[0]?.name.ru ?? '', centreRuns: !lateCentre, ok: true };
  });
  const running = region as unknown as Region;
  const [branch] = running.branches;
  if (!branch) throw new Error('no branch');
  const visit = createVisit(running, branch);
  await step('ticket', visit.ticket);
  await step('call', visit.call);
  await step('scan', visit.scan);
  await step('recognise', visit.recognise);
  await step('sign', visit.sign);
  await step('package', visit.send);
  if (lateCentre) await running.startCentre();
  if (cluster)
    await step('centre-killed', async () => {
      const [killed, left] = [running.secondCentre(), running.centre()];
      await killed?.kill();
      return { pid: killed?.pid ?? null, ok: killed?.alive() === false && left?.alive() === true };
    });
  await step('sync', visit.sync);
  await step('centre', visit.agency);
  await step('agency', visit.result);
  await step('result', visit.handOut);
  const evidence = await visit.evidence();
  await keepEvidence(keepDir, evidence, running);
  for (const [name, check] of visitChecks(keepDir, evidence, gost))
    await step(name, check).catch(() => undefined);
} catch (error) {
  failed = true;
  process.stderr.write(`${String(error)}\n`);
} finally {
  await region?.stop();
  await rm(regionDir, { recursive: true, force: true });
}
process.stderr.write(failed ? '\nВизит не состоялся целиком.\n' : '\nВсё сошлось.\n');
process.exit(failed ? 1 : 0);
