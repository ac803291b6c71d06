import './copies.css';
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { CopiesView } from '../../protocol/api/copies.ts';
import { showFullDay, showTime, timeZone } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { LoginGate } from '../shared/components/login.tsx';
import { Message } from '../shared/components/notice.tsx';
import { Empty, Loaded } from '../shared/components/states.tsx';
import { inLanguage, language, rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { heldValue, resource } from '../shared/resource.ts';
import { startSession } from '../shared/session.ts';
import { fullDay } from '../shared/time.ts';

const from = signal('');
const to = signal('');
const copies = resource<CopiesView>(
  () => {
    const days = { ...(from.value && { from: from.value }), ...(to.value && { to: to.value }) };
    return `/api/copies?${new URLSearchParams(days)}`;
  },
  ['cases'],
  view => {
    timeZone.value = view.timeZone;
  },
);

/** `/copies`: which paper copies the branch issued (LED-3.18); printed, it is the register on paper. */
function Copies() {
  useEffect(() => void copies.refresh(), [from.value, to.value]);
  const view = heldValue(copies);
  return (
    <div class="copies">
      <header class="copies-head">
        <div>
          <h1>{t('copies.title')}</h1>
          <p>{view ? inLanguage(view.branch) : '\u00a0'}</p>
          {view && (
            <p class="on-paper">
              {showDate(view.from)} – {showDate(view.to)}
            </p>
          )}
        </div>
        <div class="copies-tools">
          <DayField name={t('copies.from')} day={from} shown={view?.from} />
          <DayField name={t('copies.to')} day={to} shown={view?.to} />
          <Button onPress={() => print()}>{t('copies.print')}</Button>
          <LanguageSwitch />
        </div>
      </header>
      <main>
        <Loaded held={copies.held.value} onRetry={() => void copies.refresh()} rows={8}>
          {list =>
            list.copies.length === 0 ? (
              <Empty icon="page">{t('copies.empty')}</Empty>
            ) : (
              <>
                {list.isCut && (
                  <Message tone="info">{t('copies.cut', { count: list.copies.length })}</Message>
                )}
                <List copies={list.copies} />
              </>
            )
          }
        </Loaded>
      </main>
    </div>
  );
}

const showDate = (day: string) => fullDay(day, language.value, 'UTC');

/** `shown` is the day that counts as long as nobody chose one. */
function DayField({ name, day, shown }: { name: string; day: typeof from; shown: string | undefined }) {
  return (
    <label class="copies-day">
      <span>{name}</span>
      <input
        class="input"
        type="date"
        value={day.value || (shown ?? '')}
        onInput={event => {
          day.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

function List({ copies: rows }: { copies: CopiesView['copies'] }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{t('copies.date')}</th>
          <th scope="col">{t('copies.case')}</th>
          <th scope="col">{t('copies.number')}</th>
          <th scope="col">{t('copies.document')}</th>
          <th scope="col">{t('copies.pages')}</th>
          <th scope="col">{t('copies.clerk')}</th>
          <th scope="col">{t('copies.printed')}</th>
          <th scope="col" class="on-screen">
            <span class="visually-hidden">{t('copies.open')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(copy => (
          <tr key={`${copy.caseId} ${copy.copyNumber}`}>
            <td class="figures">
              {showFullDay(copy.madeAt)}, {showTime(copy.madeAt)}
            </td>
            <th scope="row">{copy.caseNumber}</th>
            <td class="figures">№ {copy.copyNumber}</td>
            <td>{inLanguage(copy.title)}</td>
            <td class="figures">{copy.pages}</td>
            <td>{copy.clerk}</td>
            <td>{copy.printedOn ?? t('copies.not-printed')}</td>
            <td class="on-screen">
              <a
                href={`/api/cases/${copy.caseId}/copies/${copy.copyNumber}`}
                target="_blank"
                rel="noreferrer"
              >
                {t('copies.open')}
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Page() {
  return (
    <LoginGate title={t('copies.title')} forRole="clerk">
      <Copies />
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
void startSession(() => void copies.refresh());
