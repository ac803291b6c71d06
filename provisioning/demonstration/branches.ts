import type { HallRules } from '../../protocol/hall-rules.ts';
import type { Text } from '../../protocol/values.ts';

/** Branches and people of the demonstration: all invented, and obviously so. */
export interface DemonstrationBranch {
  box: string;
  code: string;
  name: Text;
  address: Text;
  /** Owner of the signature token. */
  clerk: { name: string; post: string };
  second: { name: string; post: string };
}

export const demonstrationBranches: readonly DemonstrationBranch[] = [
  {
    box: 'mfc-041',
    code: 'ПР-041',
    name: { ru: 'МФЦ «Образцовский»', en: 'Obraztsovsk Service Centre' },
    address: { ru: 'г. Образцовск, ул. Тестовая, д. 1', en: '1 Testovaya St, Obraztsovsk' },
    clerk: { name: 'Окошкина Анна Примеровна', post: 'Ведущий специалист' },
    second: { name: 'Столов Пётр Образцович', post: 'Специалист' },
  },
  {
    box: 'mfc-042',
    code: 'ПР-042',
    name: { ru: 'МФЦ «Макетный»', en: 'Maketny Service Centre' },
    address: { ru: 'г. Макетов, пр. Примерный, д. 15', en: '15 Primerny Ave, Maketov' },
    clerk: { name: 'Шаблонова Вера Макетовна', post: 'Главный специалист' },
    second: { name: 'Пробников Олег Тестович', post: 'Специалист' },
  },
  {
    box: 'mfc-043',
    code: 'ПР-043',
    name: { ru: 'МФЦ «Черновицкий»', en: 'Chernovitsy Service Centre' },
    address: { ru: 'пос. Черновицы, ул. Условная, д. 7', en: '7 Uslovnaya St, Chernovitsy' },
    clerk: { name: 'Набросова Инна Эскизовна', post: 'Ведущий специалист' },
    second: { name: 'Вымыслов Глеб Черновикович', post: 'Специалист' },
  },
];

/** Each branch has two rooms with a window and a board in each. */
export const demonstrationZones: HallRules['zones'] = [
  { id: 'left', title: { ru: 'Зал 1', en: 'Hall 1' }, windows: ['1'] },
  { id: 'right', title: { ru: 'Зал 2', en: 'Hall 2' }, windows: ['2'] },
];

export const demonstrationTimeZone = 'Europe/Moscow';
