import { join } from 'node:path';
import { AppError } from '../../protocol/app-error.ts';
import { errorText } from '../../protocol/errors.ts';
import { npmCommand } from '../npm-command.ts';
import { assertPortsFree } from './ports.ts';
import { root } from './programs.ts';
import { forgetRegion, startRegion } from './region.ts';

const values = npmCommand('npm start', 'a demonstration region with a centre and three branches')
  .option('--fresh', 'begin anew: forget what this region knew')
  .option('--ports <number>', 'first port of those that it takes', '7800')
  .option('--dir <folder>', 'where it keeps everything', join(root, 'data/region'))
  .parse()
  .opts<{ fresh?: true; ports: string; dir: string }>();
const branches = 3;

try {
  const basePort = Number(values.ports);
  if (!Number.isInteger(basePort) || basePort < 1024 || basePort > 65_000)
    throw new AppError('setup.bad-configuration', { what: `--ports ${values.ports}` });
  await assertPortsFree(basePort, branches);
  if (values.fresh) await forgetRegion(values.dir);
  process.stderr.write('Окно: запуск демонстрационного региона\n');
  const region = await startRegion({
    dir: values.dir,
    basePort,
    branches,
    agencyStepMs: 4_000,
    onProgress: what => process.stderr.write(`  • ${what}\n`),
  });
  const { password, pin } = region.secrets;
  console.log(`
Окно работает. Все люди, номера и ведомства вымышлены.

  Диспетчерская региона   ${region.operatorUrl}/operator   вход operator / ${password}
  Архив                   ${region.operatorUrl}/archive    вход archivist или auditor / ${password}
  Запись на приём         ${region.operatorUrl}/appointments
${region.branches
  .map(
    branch => `
  ${branch.name.ru}
    терминал              ${branch.url}/kiosk
    табло                 ${branch.url}/board
    окно специалиста      ${branch.url}/clerk   вход clerk или clerk2 / ${password}, PIN ${pin}
    администратор зала    ${branch.url}/hall    вход hall / ${password}
    техник                ${branch.url}/technician   вход technician / ${password}
    устройства, бумага    ${branch.panelUrl}`,
  )
  .join('\n')}

  Данные: ${region.dir}. Остановить: Ctrl-C. Начать заново: npm start -- --fresh
`);

  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    process.stderr.write('\nОстанавливаю…\n');
    region.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
} catch (error) {
  fail(error);
}

function fail(error: unknown): never {
  const text = error instanceof AppError ? errorText(error.code, 'ru', error.details) : String(error);
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
