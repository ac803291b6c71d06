/*
 * What a kiosk says about each of its screens to a person who does not see it. Longer than the words on the
 * screen, since it has to tell where things are.
 */

interface Spoken {
  ru: string;
  en: string;
  tt?: string;
}

export const spokenScreens = {
  attract: {
    ru: 'Коснитесь экрана, чтобы взять талон. Внизу кнопки: назад, крупный шрифт, контраст, ниже, вслух, язык, позвать сотрудника.',
    en: 'Touch the screen to take a ticket. At the bottom are the buttons: back, larger print, contrast, lower, read aloud, language, call a person.',
    tt: 'Талон алу өчен экранга кагылыгыз.',
  },
  categories: {
    ru: 'Зачем вы пришли? Выберите раздел услуг. Ниже: поиск по названию, запись, состояние дела, оценка приёма.',
    en: 'What brings you here? Choose a group of services. Below: search by name, appointments, state of your case, rating.',
    tt: 'Сез нинди эш белән килдегез? Хезмәтләр төркемен сайлагыз.',
  },
  services: {
    ru: 'Выберите услугу из списка.',
    en: 'Choose a service from the list.',
    tt: 'Исемлектән хезмәтне сайлагыз.',
  },
  search: {
    ru: 'Наберите первые буквы названия услуги. Найденное появится над клавиатурой.',
    en: 'Type the first letters of the service. What is found appears above the keyboard.',
    tt: 'Хезмәт исеменең беренче хәрефләрен языгыз.',
  },
  service: {
    ru: 'Проверьте, всё ли с вами. Внизу экрана большая кнопка: взять талон.',
    en: 'Check that you have everything. The large button at the bottom takes a ticket.',
    tt: 'Барысы да үзегез белән булуын тикшерегез. Аста зур төймә: талон алырга.',
  },
  ticket: {
    ru: 'Печатаем талон. Он выйдет внизу, под экраном.',
    en: 'Your ticket is being printed. It will come out below the screen.',
    tt: 'Талон басыла. Ул аста, экран астыннан чыгачак.',
  },
  booking: {
    ru: 'Выберите день, затем время. Внизу экрана кнопка: записаться.',
    en: 'Choose a day, then a time. The button at the bottom books it.',
    tt: 'Көнне, аннары вакытны сайлагыз.',
  },
  late: {
    ru: 'Внимание: сегодня можем не успеть вас принять. Надёжнее прийти или записаться на другой день.',
    en: 'Please note: you may not be seen today. Better come or book another day.',
    tt: 'Игътибар: бүген кабул итәргә өлгермәскә мөмкинбез.',
  },
  booked: {
    ru: 'Вы записаны. Памятка с кодом выйдет внизу, под экраном.',
    en: 'You are booked. A slip with your code comes out below the screen.',
    tt: 'Сез язылдыгыз. Белешмә экран астыннан чыгачак.',
  },
  unprinted: {
    ru: 'Вы записаны, но памятка не напечаталась. Код на экране. Внизу кнопка: позвать сотрудника.',
    en: 'You are booked, but the slip was not printed. Your code is on the screen. The button at the bottom calls a person.',
    tt: 'Сез язылдыгыз, әмма белешмә басылмады. Код экранда.',
  },
  appointment: {
    ru: 'Наберите код записи или поднесите его к сканеру.',
    en: 'Type the code of your appointment or hold it to the scanner.',
    tt: 'Язылу кодын языгыз яки сканерга китерегез.',
  },
  case: {
    ru: 'Наберите последние цифры номера дела, затем код из шести цифр.',
    en: 'Type the last digits of the number of your case, then the code of six digits.',
    tt: 'Эш номерының соңгы саннарын, аннары алты санлы кодны языгыз.',
  },
  rating: {
    ru: 'Оцените приём по пяти баллам. Имя не спрашивается.',
    en: 'Rate your visit from one to five. No name is asked.',
    tt: 'Кабул итүне биш балл белән бәяләгез. Исем соралмый.',
  },
  idle: {
    ru: 'Вы ещё здесь? Коснитесь кнопки внизу, чтобы продолжить.',
    en: 'Are you still here? Touch the button to go on.',
    tt: 'Сез әле мондамы? Дәвам итү өчен төймәгә кагылыгыз.',
  },
} satisfies Record<string, Spoken>;

export type SpokenScreen = keyof typeof spokenScreens;

/** The text in a language; what is not written in it is said in Russian. */
export function spokenIn(text: Spoken, language: string): { text: string; language: string } {
  const found = new Map<string, string>(Object.entries(text)).get(language);
  return found === undefined ? { text: text.ru, language: 'ru' } : { text: found, language };
}
