/** Words on the panel's buttons; pages are named after the fixture. */
const pageTitles: Record<string, string> = {
  application: 'Заявление',
  'snils-card': 'СНИЛС',
  certificate: 'Справка',
  contract: 'Договор',
};

export interface PanelState {
  branch: string;
  boxUrl: string;
  pages: string[];
  onGlass: string;
  tickets: number;
  papers: string[];
  printer: { paper: string; cover: string; dead: boolean };
  tokenPlugged: boolean;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, sign => `&#${sign.charCodeAt(0)};`);

function button(action: string, fields: Record<string, string>, label: string, pressed = false): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`,
  );
  return `<form method="post" action="${action}">${inputs.join('')}<button${pressed ? ' aria-pressed="true"' : ''}>${escaped(label)}</button></form>`;
}

function titleOf(page: string): string {
  const [, kind = page, number = ''] = /^(.*)-(\d+)$/.exec(page) ?? [];
  return `${pageTitles[kind] ?? kind} ${number}`;
}

/** The things of a branch that a demonstration has no hands for: paper, printers, the key. */
export function panelPage(state: PanelState): string {
  const tickets = Array.from({ length: Math.min(state.tickets, 6) }, (_, index) => state.tickets - index);
  return `<!doctype html><html lang="ru"><meta charset="utf-8"><title>Устройства: ${escaped(state.branch)}</title>
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<style>
body{font:18px/1.5 system-ui,sans-serif;margin:0;background:#f4f1ec;color:#1d1c1a}
main{max-width:1200px;margin:0 auto;padding:24px;display:grid;gap:24px;grid-template-columns:repeat(auto-fit,minmax(340px,1fr))}
header{padding:24px 24px 0;max-width:1200px;margin:0 auto} h1{font-size:28px;margin:0} h2{font-size:20px;margin:0 0 8px}
section{background:#fff;border:1px solid #d9d3c8;border-radius:8px;padding:16px}
form{display:inline-block;margin:0 8px 8px 0} button{font:inherit;padding:8px 16px;border:1px solid #0b5c5e;border-radius:8px;background:#fff;color:#0b5c5e;cursor:pointer}
button[aria-pressed]{background:#0b5c5e;color:#fff} img{max-width:100%;border:1px solid #d9d3c8;margin-top:8px} p{margin:0 0 8px;color:#5a554c}
</style>
<header><h1>${escaped(state.branch)}: устройства</h1><p>Имитаторы вместо рук: положите бумагу, вставьте ключ. Рабочие страницы: <a href="${state.boxUrl}/kiosk">терминал</a>, <a href="${state.boxUrl}/board">табло</a>, <a href="${state.boxUrl}/clerk">окно специалиста</a>.</p></header>
<main>
<section><h2>Многофункциональный принтер</h2><p>Сканирует в папку отделения.</p>${state.pages.map(page => button('/mfp', { page }, titleOf(page))).join('')}${button('/mfp', { page: 'broken' }, 'Испорченный файл')}</section>
<section><h2>Планшетный сканер (SANE)</h2><p>Что лежит на стекле.</p>${state.pages.map(page => button('/glass', { page }, titleOf(page), page === state.onGlass)).join('')}</section>
<section><h2>Ключ подписи</h2><p>${state.tokenPlugged ? 'Вставлен.' : 'Вынут.'}</p>${button('/token', { plugged: state.tokenPlugged ? 'no' : 'yes' }, state.tokenPlugged ? 'Вынуть ключ' : 'Вставить ключ')}</section>
<section><h2>Принтер талонов</h2>${button('/printer', { paper: state.printer.paper === 'out' ? 'ok' : 'out' }, state.printer.paper === 'out' ? 'Заправить бумагу' : 'Вынуть бумагу')}${button('/printer', { cover: state.printer.cover === 'open' ? 'closed' : 'open' }, state.printer.cover === 'open' ? 'Закрыть крышку' : 'Открыть крышку')}${button('/printer', { dead: state.printer.dead ? 'no' : 'yes' }, state.printer.dead ? 'Включить' : 'Выключить')}
${tickets.map(n => `<img alt="Талон ${n}" src="/tickets/${n}.png">`).join('')}</section>
<section><h2>Принтер A4</h2>${state.papers.length === 0 ? '<p>Ещё ничего не напечатано.</p>' : `<ul>${state.papers.map(name => `<li><a href="/papers/${encodeURIComponent(name)}">${escaped(name)}</a></li>`).join('')}</ul>`}</section>
</main></html>`;
}
