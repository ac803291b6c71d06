import { defineErrors } from '../error-table.ts';

export const appointmentErrors = defineErrors({
  'appointment.none-here': {
    status: 404,
    retry: 'never',
    severity: 'info',
    ru: 'По записи эту услугу здесь не принимают. Возьмите талон: примут в порядке очереди.',
    en: 'This service is not given by appointment here. Take a ticket: you will be served in turn.',
  },
  'appointment.slot-taken': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Время {at} уже занято или недоступно. Вы никуда не записаны; выберите другое время.',
    en: 'The time {at} is taken or not available. Nothing was booked; choose another time.',
  },
  'appointment.unknown-code': {
    status: 404,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Записи с таким кодом нет. Проверьте цифры: их десять. Без кода можно взять обычный талон.',
    en: 'There is no appointment with this code. Check the digits: there are ten. Without a code, take an ordinary ticket.',
  },
  'appointment.over': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'Эту запись уже не изменить: она отменена, использована или её время прошло. Запишитесь заново или возьмите талон.',
    en: 'This appointment cannot be changed any more: it was cancelled or used, or its time has passed. Book anew or take a ticket.',
  },
  'appointment.too-many': {
    status: 429,
    retry: 'later',
    severity: 'attention',
    ru: 'С этого устройства уже есть {limit} записей. Отмените лишнюю или запишитесь в отделении.',
    en: 'This device has {limit} appointments already. Cancel one, or book at the branch.',
  },
  'appointment.too-many-bookings': {
    status: 429,
    retry: 'later',
    severity: 'attention',
    ru: 'С вашего адреса в сети за короткое время записались уже много раз. Сделанные записи в силе. Повторите через час или позвоните в МФЦ, вас запишут.',
    en: 'Many times were booked from your network address in a short time. What is booked holds. Try again in an hour, or call the branch and they will book for you.',
  },
  'appointment.too-many-tries': {
    status: 429,
    retry: 'later',
    severity: 'attention',
    ru: 'Слишком много попыток. Подождите минуту и введите код ещё раз.',
    en: 'Too many tries. Wait a minute and enter the code again.',
  },
});
