package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OwnedHandleTest {
    private final List<Long> closed = new CopyOnWriteArrayList<>();
    private final OwnedHandle handle = new OwnedHandle(42, closed::add);

    @Test
    void itIsOpenAndTellsItsValueUntilItIsClosed() {
        assertThat(handle.isOpen()).isTrue();
        assertThat(handle.value()).isEqualTo(42);
        assertThat(closed).isEmpty();

        handle.close();

        assertThat(closed).containsExactly(42L);
        assertThat(handle.isOpen()).isFalse();
        assertThatIllegalStateException().isThrownBy(handle::value).withMessageContaining("closed");
    }

    @Test
    void closingTwiceClosesOnce() {
        handle.close();
        handle.close();
        assertThat(closed).containsExactly(42L);
    }

    @Test
    void whatIsReleasedIsClosedByItsNewOwnerOnly() {
        // when
        OwnedHandle next = handle.release();
        handle.close();

        // then
        assertThat(closed).isEmpty();
        assertThat(handle.isOpen()).isFalse();
        assertThat(next.value()).isEqualTo(42);
        next.close();
        assertThat(closed).containsExactly(42L);
    }

    @Test
    void whatIsGoneIsNeitherReleasedNorUsed() {
        handle.release();
        assertThatIllegalStateException().isThrownBy(handle::release);
        assertThatIllegalStateException().isThrownBy(handle::value);
        OwnedHandle other = new OwnedHandle(43, closed::add);
        other.close();
        assertThatIllegalStateException().isThrownBy(other::release);
    }

    @Test
    void ofManyThreadsThatCloseOneDoes() throws Exception {
        for (int round = 0; round < 200; round++) {
            // given
            closed.clear();
            OwnedHandle shared = new OwnedHandle(round + 1, closed::add);
            CountDownLatch start = new CountDownLatch(1);
            List<CompletableFuture<Void>> closing = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                closing.add(CompletableFuture.runAsync(() -> {
                    try {
                        start.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    shared.close();
                }));
            }

            // when
            start.countDown();
            CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new)).get(30, TimeUnit.SECONDS);

            // then
            assertThat(closed).containsExactly((long) round + 1);
        }
    }
}
