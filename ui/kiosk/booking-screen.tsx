import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { AppointmentView, SlotsView } from '../../protocol/api/appointments.ts';
import type { ApiError } from '../../protocol/api/common.ts';
import { get, isRefusal, post } from '../shared/api.ts';
import { Button } from '../shared/components/button.tsx';
import { Notice } from '../shared/components/notice.tsx';
import { Empty, Skeleton } from '../shared/components/states.tsx';
import { inLanguage, language, t } from '../shared/language.ts';
import { newId } from '../shared/new-id.ts';
import { briefDay, longDay } from '../shared/time.ts';
import { BookedScreen } from './booked-screen.tsx';
import { findService } from './store.ts';

/** More do not fit on the screen, and hardly anybody comes to a kiosk to plan further ahead. */
const daysShown = 8;

/** A day of a wall calendar has no zone. */
const noon = (day: string) => `${day}T12:00:00Z`;

/** A time for a later visit. Whoever has the code comes, moves or cancels; no name is asked. */
export function BookingScreen({ serviceId }: { serviceId: string }) {
  const requestId = useRef(newId());
  const [slots, setSlots] = useState<SlotsView | null>(null);
  const [day, setDay] = useState('');
  const [at, setAt] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const [booked, setBooked] = useState<AppointmentView | null>(null);

  const look = async () => {
    const answer = await get<SlotsView>(`/api/appointments/slots?serviceId=${encodeURIComponent(serviceId)}`);
    if (!answer.ok) return setError(answer.error);
    setSlots(answer.value);
    if (slots === null) setError(null);
    setDay(before => before || (answer.value.days[0]?.day ?? ''));
  };
  useEffect(() => void look(), [serviceId]);
  const book = async () => {
    setBusy(true);
    const wish = { requestId: requestId.current, serviceId, day, at };
    const answer = await post<AppointmentView>('/api/appointments', wish);
    setBusy(false);
    setError(answer.ok ? null : answer.error);
    if (answer.ok) return setBooked(answer.value);
    // Nobody knows whether it was booked: under the same id it is booked once, whatever is pressed now.
    if (!isRefusal(answer.error)) return;
    setAt('');
    requestId.current = newId();
    await look();
  };

  if (booked) return <BookedScreen view={booked} />;
  const service = findService(serviceId);
  const days = slots?.days.slice(0, daysShown) ?? [];
  const free = days.find(each => each.day === day)?.free ?? [];
  return (
    <section class="screen">
      <div class="screen-heading">
        <h1 tabIndex={-1}>{t('kiosk.book')}</h1>
        <p>{service ? inLanguage(service.title) : ''}</p>
      </div>
      {error && (
        <Notice
          error={error}
          action={slots === null && <Button onPress={() => void look()}>{t('page.retry')}</Button>}
        />
      )}
      {slots === null && error === null && <Skeleton rows={4} />}
      {slots !== null && days.length === 0 && <Empty icon="clock">{t('appointments.no-days')}</Empty>}
      {days.length > 0 && (
        <>
          <Choice name={t('appointments.day')} class="days">
            {days.map(each => (
              <Button
                key={each.day}
                pressed={each.day === day}
                onPress={() => {
                  setDay(each.day);
                  setAt('');
                }}
              >
                {briefDay(noon(each.day), language.value, 'UTC')}
              </Button>
            ))}
          </Choice>
          <Choice name={t('appointments.time')} class="hours">
            {free.map(time => (
              <Button key={time} pressed={time === at} onPress={() => setAt(time)}>
                {time}
              </Button>
            ))}
          </Choice>
          <div class="screen-action">
            <Button kind="primary" busy={busy} disabled={at === ''} onPress={() => void book()}>
              {at === ''
                ? t('appointments.choose-time')
                : t('appointments.book', { at: `${longDay(noon(day), language.value, 'UTC')}, ${at}` })}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

function Choice(props: { name: string; class: string; children: ComponentChildren }) {
  return (
    <fieldset class={`time-choice ${props.class}`}>
      <legend>{props.name}</legend>
      {props.children}
    </fieldset>
  );
}
