import { useEffect } from 'preact/hooks';
import type { Service } from '../../protocol/register.ts';
import { isRefusal } from '../shared/api.ts';
import { showTime, showWait } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Message, Notice } from '../shared/components/notice.tsx';
import { Empty } from '../shared/components/states.tsx';
import { Icon, type IconName } from '../shared/icons.tsx';
import { inLanguage, language, t } from '../shared/language.ts';
import { localesOf } from '../shared/languages.ts';
import { heldValue } from '../shared/resource.ts';
import { order, takeTicket } from './order.ts';
import { outlook, outlookOf } from './outlook.ts';
import { currentScreen, go, startOver } from './screens.ts';
import { agencyOf, branch, findService, hall, screens, whyClosed } from './store.ts';
import { VisitWish } from './visit-wish.tsx';
import { privilege, purpose } from './wish.ts';

export function ServicePage({ serviceId }: { serviceId: string }) {
  const service = findService(serviceId);
  if (!service) return <Empty icon="other" title={t('kiosk.no-services')} />;
  const agency = agencyOf(service);
  return (
    <section class="screen service">
      <div class="screen-heading">
        <h1 tabIndex={-1}>{inLanguage(service.title)}</h1>
        {agency && (
          <p>
            {t('kiosk.agency')}: {inLanguage(agency.title)}
          </p>
        )}
      </div>
      {/* Here and not above the button: below a long list of papers nobody would see them. */}
      <Refusal serviceId={serviceId} />
      <Warnings serviceId={serviceId} />
      <VisitWish serviceId={serviceId} />
      <div class="service-body">
        <dl class="facts">
          <Fact icon="calendar" name={t('kiosk.term')}>
            {t('kiosk.working-days', { count: service.normWorkingDays })}
          </Fact>
          <Fact icon="rouble" name={t('kiosk.fee')}>
            {service.feeRoubles === 0 ? t('kiosk.free') : roubles(service.feeRoubles)}
          </Fact>
          <Fact icon="window" name={t('kiosk.reception')}>
            {t('wait.about', { count: service.receptionMinutes })}
          </Fact>
          <Fact icon="result" name={t('kiosk.result')}>
            {inLanguage(service.resultTitle)}
          </Fact>
        </dl>
        {purpose.value === 'submit' && <Checklist service={service} />}
      </div>
      <TakeTicket serviceId={serviceId} />
    </section>
  );
}

function roubles(amount: number): string {
  const format = { style: 'currency', currency: 'RUB', maximumFractionDigits: 0 } as const;
  return amount.toLocaleString(localesOf(language.value), format).replace('RUB', '₽');
}

function Fact({ icon, name, children }: { icon: IconName; name: string; children: string }) {
  return (
    <div class="fact">
      <dt>
        <Icon name={icon} size={32} />
        {name}
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

function Checklist({ service }: { service: Service }) {
  return (
    <div class="bring">
      <h2>{t('kiosk.what-to-bring')}</h2>
      <ul>
        {service.documents.map(line => (
          <li key={line.kind}>
            <Icon name="check" size={32} />
            <span>
              {inLanguage(line.title)}
              {!line.required && <em> ({t('kiosk.optional')})</em>}
              {line.note && <small>{inLanguage(line.note)}</small>}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Refusal({ serviceId }: { serviceId: string }) {
  const now = order.value;
  if (now?.phase !== 'refused' || now.serviceId !== serviceId) return null;
  return (
    <Notice
      error={now.error}
      title={isRefusal(now.error) ? t('kiosk.not-issued') : undefined}
      action={isRefusal(now.error) && <Button onPress={startOver}>{t('kiosk.start-over')}</Button>}
    />
  );
}

const mayBook = () => heldValue(screens)?.appointments === true;
// Without a word on this service (a station alone knows none) the hall's wait is the nearest.
const outlookFor = (serviceId: string) => outlookOf(serviceId) ?? heldValue(branch);

/** Why no tickets are given for a service now. */
function closedFor(serviceId: string) {
  return whyClosed(serviceId) ?? (heldValue(hall)?.open === false ? 'closed' : null);
}

/** A person should know before there is a ticket that there is none, or that it may be of no use. */
function Warnings({ serviceId }: { serviceId: string }) {
  const closed = closedFor(serviceId);
  if (closed)
    return (
      <Message tone="attention" title={t(`kiosk.no-tickets.${closed}`)}>
        <p>{t('kiosk.no-tickets-how')}</p>
      </Message>
    );
  const closing = outlookFor(serviceId)?.closing;
  if (!closing || closing.chance === 'likely') return null;
  return (
    <Message tone="attention" title={t(`kiosk.closing.${closing.chance}`, { time: showTime(closing.at) })}>
      <p>{t(mayBook() ? 'kiosk.closing-book' : 'kiosk.closing-how')}</p>
    </Message>
  );
}

function TakeTicket({ serviceId }: { serviceId: string }) {
  const now = order.value;
  const view = outlookFor(serviceId);
  useEffect(() => void outlook.refresh(), [serviceId, purpose.value, privilege.value]);
  if (closedFor(serviceId)) return null;
  const press = () => {
    const done = takeTicket(serviceId);
    if (currentScreen().name === 'service' && order.value?.phase === 'sending') go({ name: 'ticket' });
    void done;
  };
  const isLate = view?.closing?.chance === 'unlikely' || view?.closing?.chance === 'over';
  return (
    <div class="screen-action">
      {!isLate && (
        <p class="service-wait">
          <span>{t('kiosk.wait-now')}</span>
          <strong class="figures">
            {heldValue(branch)?.alone ? t('kiosk.wait-unknown') : view ? showWait(view.wait) : '…'}
          </strong>
        </p>
      )}
      {mayBook() && (
        <Button
          icon="calendar"
          kind={isLate ? 'primary' : 'plain'}
          onPress={() => go({ name: 'booking', serviceId })}
        >
          {t('kiosk.book')}
        </Button>
      )}
      <Button
        kind={isLate && mayBook() ? 'plain' : 'primary'}
        onPress={press}
        busy={now?.phase === 'sending'}
      >
        {t(now?.phase === 'refused' && !isRefusal(now.error) ? 'page.retry' : 'kiosk.take-ticket')}
      </Button>
    </div>
  );
}
