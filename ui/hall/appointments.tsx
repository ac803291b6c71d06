import { Empty, Loaded } from '../shared/components/states.tsx';
import { StatusDot } from '../shared/components/status.tsx';
import { inLanguage, t } from '../shared/language.ts';
import { appointments } from './store.ts';

/** Who comes by appointment today, in the order of the times. */
export function Appointments() {
  return (
    <Loaded held={appointments.held.value} onRetry={() => void appointments.refresh()} rows={4}>
      {({ appointments: lines }) =>
        lines.length === 0 ? (
          <Empty icon="clock">{t('hall.appointments-empty')}</Empty>
        ) : (
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">{t('hall.time')}</th>
                <th scope="col">{t('hall.service')}</th>
                <th scope="col">{t('hall.state')}</th>
                <th scope="col">{t('hall.number')}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map(line => (
                <tr key={line.appointmentId}>
                  <th scope="row" class="figures">
                    {line.at}
                  </th>
                  <td>{inLanguage(line.serviceTitle)}</td>
                  <td>
                    <StatusDot tone={line.state === 'booked' ? 'waiting' : 'serving'}>
                      {t(`hall.appointment.${line.state}`)}
                    </StatusDot>
                  </td>
                  <td class="figures">{line.ticketNumber ?? ''}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </Loaded>
  );
}
