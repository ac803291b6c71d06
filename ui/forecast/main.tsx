import './forecast.css';
import type { BranchView } from '../../protocol/api/branch.ts';
import type { ForecastView } from '../../protocol/api/forecast.ts';
import { timeZone } from '../shared/clock.ts';
import { LoginGate } from '../shared/components/login.tsx';
import { Loaded } from '../shared/components/states.tsx';
import { TechnicianHead } from '../shared/components/technician-head.tsx';
import { rememberLanguage, t } from '../shared/language.ts';
import { startPage } from '../shared/page.tsx';
import { resource } from '../shared/resource.ts';
import { startSession } from '../shared/session.ts';
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
        <TechnicianHead page="forecast" />
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
