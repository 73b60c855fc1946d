package io.cordon.sandbox.windows.win32;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceScopeTest {
    private final List<String> closed = new ArrayList<>();
    private final ResourceScope scope = new ResourceScope();

    private AutoCloseable resource(String name) {
        return () -> closed.add(name);
    }

    private AutoCloseable failing(String name) {
        return () -> {
            closed.add(name);
            throw new IOException(name);
        };
    }

    @Test
    void theLastOneIsClosedFirst() {
        AutoCloseable first = resource("first");
        assertThat(scope.own(first)).isSameAs(first);
        scope.own(resource("second"));

        scope.close();

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void whatIsReleasedIsNotClosed() {
        scope.own(resource("first"));
        scope.release();
        scope.own(resource("later"));

        scope.close();

        assertThat(closed).containsExactly("later");
    }

    @Test
    void closingTwiceClosesOnce() {
        scope.own(resource("first"));
        scope.close();
        scope.close();
        assertThat(closed).containsExactly("first");
    }

    @Test
    void everyOneIsClosedWhateverBecomesOfTheOthers() {
        // given
        scope.own(failing("first"));
        scope.own(resource("second"));
        scope.own(failing("third"));

        // when
        IllegalStateException failure = catchThrowableOfType(IllegalStateException.class, scope::close);

        // then
        assertThat(closed).containsExactly("third", "second", "first");
        assertThat(failure).hasMessageContaining("could not be closed").hasRootCauseMessage("third");
        assertThat(failure.getSuppressed()).singleElement().isInstanceOfSatisfying(IOException.class, suppressed -> {
            assertThat(suppressed).hasMessage("first");
        });
    }
}
