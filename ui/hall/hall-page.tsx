import type { HallLive } from '../../protocol/api/hall.ts';
import { now, showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { LeaveButton } from '../shared/components/leave-button.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { ScrollArea } from '../shared/components/scroll-area.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { FreshnessMark, StatusDot } from '../shared/components/status.tsx';
import { showShare } from '../shared/figures.ts';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { AdmissionDialog } from './admission.tsx';
import { Announcements, MessageDialog } from './announcements.tsx';
import { Appointments } from './appointments.tsx';
import { Day } from './day.tsx';
import { Services } from './services.tsx';
import { Skills } from './skills.tsx';
import {
  act,
  admits,
  asksToClose,
  branch,
  busy,
  failure,
  live,
  messageTo,
  tab,
  tabs,
  ticketId,
} from './store.ts';
import { TicketDialog } from './ticket-dialog.tsx';
import { Tickets } from './tickets.tsx';
import { Windows } from './windows.tsx';

export function HallPage() {
  return (
    <div class="hall">
      <Head />
      <main class="hall-main">
        <Loaded held={live.held.value} onRetry={() => void live.refresh()} rows={6}>
          {view => <Body view={view} />}
        </Loaded>
      </main>
    </div>
  );
}

function Head() {
  const place = heldValue(branch);
  const view = heldValue(live);
  return (
    <header class="hall-head">
      <div>
        <h1>{place ? inLanguage(place.name) : t('hall.title')}</h1>
        {view && (
          <StatusDot tone={view.open ? 'serving' : 'trouble'}>
            {t(view.open ? 'hall.day-open' : 'hall.day-closed')}
          </StatusDot>
        )}
      </div>
      {view && <Figures view={view} />}
      <div class="hall-tools">
        <FreshnessMark />
        <time class="figures">{showTime(now.value)}</time>
        <LanguageSwitch />
        <LeaveButton />
      </div>
    </header>
  );
}

function Figures({ view }: { view: HallLive }) {
  const { today, normMinutes } = view;
  const over = today.overNormShare ?? 0;
  const figures: [label: string, value: string, alarming?: boolean][] = [
    [t('hall.waiting'), String(today.waiting)],
    [t('hall.serving'), String(today.serving)],
    [t('hall.done'), String(today.done)],
    [t('hall.mean-wait'), today.meanWaitMinutes === null ? '–' : String(Math.round(today.meanWaitMinutes))],
    [t('hall.over-norm', { norm: normMinutes }), showShare(over), over > 0],
  ];
  return (
    <dl class="totals">
      {figures.map(([label, value, alarming]) => (
        <div key={label} class={alarming ? 'alarming' : ''}>
          <dd class="figures">{value}</dd>
          <dt>{label}</dt>
        </div>
      ))}
    </dl>
  );
}

function Body({ view }: { view: HallLive }) {
  const chosen = view.tickets.find(each => each.ticketId === ticketId.value);
  return (
    <>
      <div class="calls">
        {view.administratorCalls.map(({ id, place, at, refused }) => (
          <Message
            key={id}
            tone="attention"
            title={
              refused
                ? t('hall.refused-ticket', { place, number: refused.number })
                : t('hall.called-for', { place })
            }
            action={
              <Button busy={busy.value} onPress={() => void act(`administrator-calls/${id}/came`)}>
                {t('hall.came')}
              </Button>
            }
          >
            <p>{showTime(at)}</p>
            {refused && (
              <p>
                {t('hall.refused-help')} {inLanguage(refused.error)}
              </p>
            )}
          </Message>
        ))}
      </div>
      {failure.value && <Notice error={failure.value} />}
      <Windows view={view} />
      <section class="hall-panel">
        <header class="hall-tabs">
          <div class="tab-row" role="tablist">
            {tabs.map(name => (
              <button
                key={name}
                type="button"
                role="tab"
                class="tab"
                aria-selected={tab.value === name}
                onClick={() => {
                  tab.value = name;
                }}
              >
                {t(`hall.tab.${name}`)}
              </button>
            ))}
          </div>
          <div class="tab-row">
            <Button
              onPress={() => {
                admits.value = true;
              }}
            >
              {t('hall.admit')}
            </Button>
            <Button
              onPress={() => {
                messageTo.value = 'all';
              }}
            >
              {t('hall.message')}
            </Button>
            {view.open ? (
              <Button
                onPress={() => {
                  asksToClose.value = true;
                }}
              >
                {t('hall.close-day')}
              </Button>
            ) : (
              <Button kind="primary" busy={busy.value} onPress={() => void act('day/open')}>
                {t('hall.open-day')}
              </Button>
            )}
          </div>
        </header>
        <ScrollArea class="hall-body" label={t(`hall.tab.${tab.value}`)}>
          <Tab view={view} />
        </ScrollArea>
      </section>
      {chosen && <TicketDialog key={chosen.ticketId} ticket={chosen} view={view} />}
      {messageTo.value !== null && <MessageDialog view={view} />}
      {admits.value && <AdmissionDialog view={view} />}
      {asksToClose.value && <CloseDay waiting={view.today.waiting} />}
    </>
  );
}

function Tab({ view }: { view: HallLive }) {
  switch (tab.value) {
    case 'tickets':
      return <Tickets view={view} />;
    case 'services':
      return <Services view={view} />;
    case 'announcements':
      return <Announcements view={view} />;
    case 'skills':
      return <Skills view={view} />;
    case 'appointments':
      return <Appointments />;
    case 'day':
      return <Day view={view} />;
  }
}

function CloseDay({ waiting }: { waiting: number }) {
  const close = () => {
    asksToClose.value = false;
  };
  return (
    <Dialog
      title={t('hall.close-day-sure')}
      onClose={close}
      actions={
        <>
          <Button autoFocus onPress={close}>
            {t('page.cancel')}
          </Button>
          <Button kind="primary" busy={busy.value} onPress={() => void act('day/close').then(close)}>
            {t('hall.close-day')}
          </Button>
        </>
      }
    >
      <p>{t('hall.close-day-how', { count: waiting })}</p>
    </Dialog>
  );
}
