import { defineErrors } from '../error-table.ts';

export const deviceErrors = defineErrors({
  'device.offline': {
    status: 503,
    retry: 'later',
    severity: 'trouble',
    ru: 'Устройство подключено, но не отвечает. Очередь и дела работают без него. Проверьте питание; если не помогло, выньте кабель и вставьте снова.',
    en: 'The device is plugged in but does not answer. The queue and cases work without it. Check its power; if that fails, pull its cable and plug it in again.',
  },
  'device.lost': {
    status: 503,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Устройство отключено. Его место в настройках сохранено. Подключите его: подойдёт любой порт.',
    en: 'The device is unplugged. Its role is kept. Plug it in: any port will do.',
  },
  'device.held': {
    status: 503,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'Устройство занято другой программой ({holder}). Остальные устройства работают. Остановите её; это устройство подключится само.',
    en: 'Another program holds the device ({holder}). Other devices work. Stop that program; the device will connect by itself.',
  },
  'device.no-role': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Устройство найдено, но не назначено. Скажите на странице техника, что это и где оно стоит.',
    en: 'The device was found but has no role. Say on the technician’s page what it is and where it stands.',
  },
  'device.bad-role': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Так назначить нельзя ({what}). Назначение не изменилось. Выберите другое.',
    en: 'That role cannot be ({what}). Nothing has changed. Choose another.',
  },
  'device.host-failed': {
    status: 503,
    retry: 'later',
    severity: 'trouble',
    ru: 'Программа устройства остановилась и запускается снова. Остальные устройства работают. Если повторяется, замените устройство.',
    en: 'The program of the device has stopped and starts again. Other devices work. If it happens again and again, replace the device.',
  },
  'device.nothing-read': {
    status: 504,
    retry: 'now',
    severity: 'attention',
    ru: 'За полминуты ничего не считано. Проверьте, светится ли устройство, и повторите проверку.',
    en: 'Nothing was read in half a minute. See whether the device is lit and test it again.',
  },
  'device.cannot-test': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Проверить это устройство сейчас нельзя. Дождитесь, пока оно подключится.',
    en: 'This device cannot be tested now. Wait until it is connected.',
  },
});
