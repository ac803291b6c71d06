import { defineErrors } from '../error-table.ts';

export const setupErrors = defineErrors({
  'setup.port-taken': {
    status: 500,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Порт {port} ({purpose}) занят программой {holder}. Остановите её или запустите с другим началом портов: npm start -- --ports {suggestion}.',
    en: 'Port {port} ({purpose}) is taken by {holder}. Stop it, or start with other ports: npm start -- --ports {suggestion}.',
  },
  'setup.package-missing': {
    status: 500,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Не установлен пакет {package}. Выполните: {command}.',
    en: 'The package {package} is not installed. Run: {command}.',
  },
  'setup.bad-configuration': {
    status: 500,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'В настройках ошибка: {what}.',
    en: 'The configuration is wrong: {what}.',
  },
  'setup.database-too-old': {
    status: 500,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'База данных сделана версией до первого выпуска, и эта программа её не читает. Она не тронута. Запустите прежнюю версию или начните с новой базы (демонстрация: npm start -- --fresh).',
    en: 'The database was made by a version before the first release, which this program does not read. It is untouched. Run the version that made it, or begin with a new database (demonstration: npm start -- --fresh).',
  },
  'setup.image-failed': {
    status: 500,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Образ устройства не собран: {program} завершился с ошибкой. Прежние образы целы. Проверьте сеть и место на диске и повторите.',
    en: 'The image of the appliance was not made: {program} failed. Earlier images are untouched. Check the network and the disk, and try again.',
  },
});
