import { defineErrors } from '../error-table.ts';

export const caseErrors = defineErrors({
  'case.unknown': {
    status: 404,
    retry: 'never',
    severity: 'attention',
    ru: 'Такого дела нет. Проверьте номер.',
    en: 'There is no such case. Check the number.',
  },
  'case.wrong-state': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'С делом {number} это сейчас сделать нельзя: {state}.',
    en: 'This cannot be done with case {number} now: {state}.',
  },
  'case.documents-missing': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Не хватает обязательных документов: {missing}. Добавьте их и повторите.',
    en: 'Required documents are missing: {missing}. Add them and try again.',
  },
  'case.not-recognised': {
    status: 409,
    retry: 'later',
    severity: 'attention',
    ru: 'Документы ещё распознаются. Подождите несколько секунд.',
    en: 'Documents are still being recognised. Wait a few seconds.',
  },
  'case.pages-changed': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Страницы дела за это время изменились. Ничего не потеряно: посмотрите ещё раз и разложите заново.',
    en: 'The pages of the case have changed meanwhile. Nothing is lost: look again and sort them anew.',
  },
  'case.pile-unsorted': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'В стопке остались неразобранные страницы. Разложите их по документам или уберите.',
    en: 'There are unsorted pages left in the pile. Sort them into documents or take them out.',
  },
  'case.not-signed': {
    status: 409,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Не все документы подписаны. Подпишите их и повторите.',
    en: 'Not all documents are signed. Sign them and try again.',
  },
  'case.no-agreement': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'По этой услуге нет действующего соглашения с ведомством: принять дело в электронном виде нельзя.',
    en: 'There is no agreement in force with the agency for this service: an electronic case cannot be opened.',
  },
  'case.no-result': {
    status: 409,
    retry: 'later',
    severity: 'info',
    ru: 'Результата ещё нет. Он появится здесь, когда ведомство его пришлёт.',
    en: 'There is no result yet. It will appear here when the agency sends it.',
  },
  'case.disk-low': {
    status: 507,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'На устройстве мало места: новые документы принимать нельзя. Талоны выдаются. Не берите бумаги у заявителя, позовите техника.',
    en: 'The device is low on space: no new documents can be taken. Tickets are still issued. Do not take papers; call the technician.',
  },
});
