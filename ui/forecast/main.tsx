import './forecast.css';
import type { BranchView } from '../../protocol/api/branch.ts';
import type { ForecastView } from '../../protocol/api/forecast.ts';
import { timeZone } from '../shared/clock.ts';
import { Button } from '../shared/components/button.tsx';
import { LanguageSwitch } from '../shared/components/language-switch.tsx';
import { LoginGate } from '../shared/components/login.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { resource } from '../shared/resource.ts';
import { logOut, startSession } from '../shared/session.ts';
import { ForecastPage } from './forecast.tsx';

const forecast = resource<ForecastView>(() => '/api/forecast', ['queue']);
const branch = resource<BranchView>(
  () => '/api/branch',
  [],
  value => {
    timeZone.value = value.timeZone;
  },
);

async function start(): Promise<void> {
  void branch.refresh();
  await forecast.refresh();
}

function Page() {
  return (
    <LoginGate title={t('forecast.title')} forRole="technician">
      <div class="forecast">
        <header class="forecast-head">
          <h1>{t('forecast.title')}</h1>
          <LanguageSwitch />
          <Button kind="quiet" onPress={() => void logOut()}>
            {t('login.leave')}
          </Button>
        </header>
        <main class="forecast-main">
          <Loaded held={forecast.held.value} onRetry={() => void start()} rows={8}>
            {view => <ForecastPage view={view} />}
          </Loaded>
        </main>
      </div>
    </LoginGate>
  );
}

rememberLanguage();
startPage(<Page />);
void startSession(() => void start());
