package io.foedus.incontainer;

import jakarta.annotation.Resource;
import jakarta.ejb.Stateless;
import jakarta.ejb.Timer;
import jakarta.ejb.TimerService;
import java.util.List;

/** The timers of the module, which the container shows to its beans only. */
@Stateless
public class Timers {
    @Resource
    TimerService timers;

    /** For each timer whether the container would keep it over a restart. */
    public List<Boolean> persistence() {
        return timers.getAllTimers().stream().map(Timer::isPersistent).toList();
    }
}
