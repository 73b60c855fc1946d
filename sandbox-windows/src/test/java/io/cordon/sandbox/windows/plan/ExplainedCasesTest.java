package io.cordon.sandbox.windows.plan;

import static io.cordon.sandbox.windows.plan.PlainHost.ACCOUNT;
import static io.cordon.sandbox.windows.plan.PlainHost.ROOT;
import static io.cordon.sandbox.windows.plan.PlainHost.TEMP;
import static io.cordon.sandbox.windows.plan.PlainHost.USER;
import static io.cordon.sandbox.windows.plan.PlainHost.at;
import static io.cordon.sandbox.windows.plan.PlainHost.directory;
import static io.cordon.sandbox.windows.plan.PlainHost.facts;
import static org.assertj.core.api.Assertions.assertThat;

import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.security.Sid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The explanations in {@code docs/windows-mapping.md} are those of the planner. */
final class ExplainedCasesTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "windows-mapping.md");
    private static final Path TOOLS = at("/home/me/tools");
    private static final Sid PACKAGE = Sid.parse("S-1-15-2-1-2-3-4-5-6-7");

    /** Three policies on two hosts. */
    enum Case {
        NETWORK_ALLOWED_WITHOUT_ACCOUNT(false, false, false),
        NETWORK_NONE_WITHOUT_ACCOUNT(true, false, false),
        NETWORK_NONE_READING_LIMITED_WITHOUT_ACCOUNT(true, true, false),
        NETWORK_ALLOWED_WITH_ACCOUNT(false, false, true),
        NETWORK_NONE_WITH_ACCOUNT(true, false, true),
        NETWORK_NONE_READING_LIMITED_WITH_ACCOUNT(true, true, true);

        private final boolean closed;
        private final boolean limited;
        private final boolean provisioned;

        Case(boolean closed, boolean limited, boolean provisioned) {
            this.closed = closed;
            this.limited = limited;
            this.provisioned = provisioned;
        }

        String explained() {
            SandboxPolicy.Builder policy = SandboxPolicy.builder()
                    .network(closed ? NetworkAccess.NONE : NetworkAccess.ALLOWED)
                    .allowWrite(ROOT);
            HostFacts.Builder facts = facts().appContainer(PACKAGE);
            if (limited) {
                policy.allowRead(TOOLS);
                facts.object(directory(TOOLS));
            }
            if (provisioned) {
                facts.account(new AccountFacts(ACCOUNT, true));
            }
            PlanResult result = WindowsPlanner.plan(policy.build(), facts.build());
            String text = result instanceof PlanResult.Planned planned
                    ? planned.plan().explain()
                    : "Refused:\n" + result + "\n";
            return text.replace(TEMP.toString(), "C:\\Users\\me\\AppData\\Local\\Cordon\\t1")
                    .replace(ROOT.toString(), "C:\\Users\\me\\ws")
                    .replace(TOOLS.toString(), "C:\\Users\\me\\tools")
                    .replace(ACCOUNT.toString(), "ACCOUNT")
                    .replace(PACKAGE.toString(), "PACKAGE")
                    .replace(USER.toString(), "USER");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDocumentSaysWhatThePlannerSays(Case each) throws IOException {
        assertThat(Files.readString(DOCUMENT)).contains("```text\n" + each.explained() + "```\n");
    }
}
