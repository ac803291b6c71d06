import { useEffect, useRef } from 'preact/hooks';
import { now, showTime } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { Dialog } from '../shared/components/dialog.tsx';
import { StaleOnly } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { heldValue } from '../shared/resource.ts';
import { AppointmentScreen } from './appointment-screen.tsx';
import { Attract } from './attract.tsx';
import { BottomBar } from './bottom-bar.tsx';
import { CaseScreen } from './case-screen.tsx';
import { Categories } from './categories.tsx';
import { idleSeconds, stay } from './idle.ts';
import { RatingScreen } from './rating-screen.tsx';
import { currentScreen, startOver } from './screens.ts';
import { SearchScreen } from './search-screen.tsx';
import { ServiceList } from './service-list.tsx';
import { ServicePage } from './service-page.tsx';
import { branch } from './store.ts';
import { TicketScreen } from './ticket-screen.tsx';

export function Kiosk() {
  const screen = currentScreen();
  const place = useRef<HTMLElement>(null);
  // A new screen begins at its heading, for screen readers and so that no button keeps a stale focus; where
  // something is to be typed, in the field.
  useEffect(() => {
    place.current?.scrollTo(0, 0);
    const first = place.current?.querySelector<HTMLElement>('[data-first]');
    (first ?? place.current?.querySelector('h1'))?.focus({ preventScroll: true });
  }, [screen]);
  return (
    <div class="kiosk" data-screen={screen.name}>
      <Head />
      <main ref={place} class="kiosk-main">
        {screen.name === 'attract' && <Attract />}
        {screen.name === 'categories' && <Categories />}
        {screen.name === 'services' && <ServiceList categoryId={screen.categoryId} />}
        {screen.name === 'search' && <SearchScreen />}
        {screen.name === 'service' && <ServicePage serviceId={screen.serviceId} />}
        {screen.name === 'ticket' && <TicketScreen />}
        {screen.name === 'appointment' && <AppointmentScreen />}
        {screen.name === 'case' && <CaseScreen />}
        {screen.name === 'rating' && <RatingScreen />}
      </main>
      <BottomBar />
      {idleSeconds.value !== null && <IdleWarning seconds={idleSeconds.value} />}
    </div>
  );
}

function Head() {
  const view = heldValue(branch);
  return (
    <header class="kiosk-head">
      <span class="kiosk-branch">{view ? inLanguage(view.name) : ''}</span>
      <StaleOnly />
      <time class="kiosk-clock">{showTime(now.value)}</time>
    </header>
  );
}

function IdleWarning({ seconds }: { seconds: number }) {
  return (
    <Dialog
      title={t('kiosk.idle-title')}
      urgent
      class="kiosk-dialog"
      onClose={stay}
      actions={
        <>
          <Button
            onPress={() => {
              stay();
              startOver();
            }}
          >
            {t('kiosk.start-over')}
          </Button>
          <Button kind="primary" onPress={stay} autoFocus>
            {t('kiosk.idle-stay')}
          </Button>
        </>
      }
    >
      <p class="figures">{t('kiosk.idle-text', { count: seconds })}</p>
    </Dialog>
  );
}
