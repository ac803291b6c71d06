import { defineErrors } from '../error-table.ts';

export const archiveErrors = defineErrors({
  'archive.nothing-due': {
    status: 409,
    retry: 'later',
    severity: 'info',
    ru: 'Сейчас в архиве нет записей для такого акта: сроки не вышли, действует запрет на уничтожение, либо записи уже в другом акте. Ничего не изменено.',
    en: 'The archive has no entries for such an act now: their terms are not over, they are on hold, or another act has them. Nothing was changed.',
  },
  'archive.second-person': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'Акт № {act} составили вы. Утвердить его должен другой человек. Акт сохранён и ждёт.',
    en: 'Act no. {act} was prepared by you. Another person has to approve it. The act is kept and waits.',
  },
  'archive.act-decided': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'По акту № {act} решение уже принято. Обновите страницу.',
    en: 'Act no. {act} has been decided already. Reload the page.',
  },
  'archive.hold-lifted': {
    status: 409,
    retry: 'never',
    severity: 'attention',
    ru: 'Этот запрет уже снят. Обновите страницу.',
    en: 'This hold has been lifted already. Reload the page.',
  },
  'archive.reason-needed': {
    status: 400,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Назовите причину, по которой смотрите документы заявителя: она останется в истории дела.',
    en: 'Say why you look at the applicant’s documents: the reason stays in the history of the case.',
  },
  'archive.destroyed': {
    status: 410,
    retry: 'never',
    severity: 'info',
    ru: 'Документы уничтожены по акту № {act}: срок хранения вышел. В архиве остались контрольная сумма, размер и акт.',
    en: 'The documents were destroyed by act no. {act}: their term was over. Digest, size and the act remain in the archive.',
  },
  'archive.copy-not-ready': {
    status: 404,
    retry: 'later',
    severity: 'info',
    ru: 'Читаемая копия ещё готовится. Подписанный подлинник хранится и доступен.',
    en: 'The readable copy is still being made. The signed original is kept and can be read.',
  },
  'archive.copy-failed': {
    status: 500,
    retry: 'after-fix',
    severity: 'attention',
    ru: 'Читаемую копию сделать не удалось ({reason}). Подписанный подлинник цел; попытка повторится при следующем запуске центра.',
    en: 'The readable copy could not be made ({reason}). The signed original is intact; the next start of the centre tries again.',
  },
  'archive.signature-changed': {
    status: 500,
    retry: 'after-fix',
    severity: 'trouble',
    ru: 'При перепроверке архива подпись больше не проходит проверку: {reason}. Содержимое не изменено; сообщите ответственному за архив.',
    en: 'When the archive was checked again a signature no longer passed: {reason}. The content is unchanged; tell the archivist.',
  },
});
