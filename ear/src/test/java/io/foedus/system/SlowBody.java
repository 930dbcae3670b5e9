package io.foedus.system;

import java.nio.ByteBuffer;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Bodies that come a byte a second and never end, as a client of HTTP/2 sends them. */
final class SlowBody implements AutoCloseable {
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();

    /** One more. */
    Flow.Publisher<ByteBuffer> next() {
        return subscriber -> subscriber.onSubscribe(new Flow.Subscription() {
            private final ScheduledFuture<?> ticking = clock.scheduleAtFixedRate(
                    () -> subscriber.onNext(ByteBuffer.wrap(new byte[] {'{'})), 0, 1, TimeUnit.SECONDS);

            @Override
            public void request(long more) {
                // a byte a second is never more than was asked for
            }

            @Override
            public void cancel() {
                ticking.cancel(false);
            }
        });
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
