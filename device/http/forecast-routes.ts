import type { FastifyInstance } from 'fastify';
import type { Login } from '../../platform/login.ts';
import type { ForecastView } from '../../protocol/api/forecast.ts';
import type { ForecastReport } from '../hall/forecast-report.ts';

/** How the told waits held, for technicians and hall administrators. */
export function addForecastRoutes(
  server: FastifyInstance,
  { forecast, login }: { forecast: ForecastReport; login: Login },
): void {
  server.get('/api/forecast', async (request): Promise<ForecastView> => {
    login.require(request, 'technician', 'hall');
    return forecast.view();
  });
}
