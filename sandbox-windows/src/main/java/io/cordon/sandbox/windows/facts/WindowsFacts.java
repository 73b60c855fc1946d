package io.cordon.sandbox.windows.facts;

import com.google.common.collect.ImmutableMap;
import com.google.common.hash.Hashing;
import io.cordon.sandbox.NetworkAccess;
import io.cordon.sandbox.SandboxErrorCode;
import io.cordon.sandbox.SandboxException;
import io.cordon.sandbox.SandboxPolicy;
import io.cordon.sandbox.windows.edit.EditProgress;
import io.cordon.sandbox.windows.edit.FileTree;
import io.cordon.sandbox.windows.edit.RecordedTrees;
import io.cordon.sandbox.windows.plan.FileId;
import io.cordon.sandbox.windows.plan.HostFacts;
import io.cordon.sandbox.windows.plan.PlanOptions;
import io.cordon.sandbox.windows.security.Sid;
import io.cordon.sandbox.windows.win32.FileCalls;
import io.cordon.sandbox.windows.win32.FileFacts;
import io.cordon.sandbox.windows.win32.TokenCalls;
import io.cordon.sandbox.windows.win32.WindowsFailure;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Looks at a machine for the planner: through handles, with the access check of the system, and as the user.
 *
 * <p>What is there decides, not what the policy calls it; links are never followed inside a tree. Each tree is gone
 * through once, unless it is recorded; memory does not grow with it, apart from what is found. What the user may not look
 * at is taken for the worst that it could be where that matters to the child's confinement.
 */
public final class WindowsFacts {
    private final FileCalls files;
    private final TokenCalls tokens;
    private final HostState host;
    private final FactPlaces places;
    private final Function<FileFacts, Sid> capabilities;
    private final RecordedTrees recorded;

    /**
     * A machine.
     *
     * @param capabilities the capability SID of a directory, asked for only where the child's token is write-restricted
     * @param recorded what need not be gone through again
     */
    public WindowsFacts(
            FileCalls files,
            TokenCalls tokens,
            HostState host,
            FactPlaces places,
            Function<FileFacts, Sid> capabilities,
            RecordedTrees recorded) {
        this.files = files;
        this.tokens = tokens;
        this.host = host;
        this.places = places;
        this.capabilities = capabilities;
        this.recorded = recorded;
    }

    /**
     * The facts for a policy. Every handle is closed again, whatever happens.
     *
     * @param progress is told of every object that is looked at in a tree
     * @throws SandboxException if a call fails otherwise than by refusing access, or if {@code progress} says so
     */
    public CollectedFacts collect(SandboxPolicy policy, PlanOptions options, EditProgress progress)
            throws SandboxException {
        try (AccessQuestions questions = new AccessQuestions(tokens, options.level())) {
            HostFacts.Builder facts = HostFacts.builder()
                    .user(questions.userSid(), questions.logonSid())
                    .elevation(host.elevation())
                    .build(host.build())
                    .inJob(host.inJob());
            host.appContainer().ifPresent(facts::appContainer);
            host.account().ifPresent(facts::account);
            boolean contained = host.appContainer().isPresent()
                    && !policy.allowRead().isEmpty()
                    && policy.network().equals(NetworkAccess.NONE);
            places.forbidden().forEach(facts::forbidden);
            places.forbiddenItself().forEach(facts::forbiddenItself);

            ObjectReader reader = new ObjectReader(files, questions);
            PolicyFacts named = new PolicyFacts(files, reader, questions, policy, places.temp(), contained);
            String shape = shape(named.regions(), options);
            TreeScans trees = new TreeScans(
                    new FileTree(files), reader, questions, named.regions(), options, contained, progress);
            ImmutableMap<String, FileId> tops = named.tops();
            for (Map.Entry<String, FileId> top : tops.entrySet()) {
                recorded.facts(top.getValue(), shape).ifPresent(known -> trees.record(top.getKey(), known));
            }
            named.addTo(facts, trees);
            trees.scan(tops.keySet(), named.undeletable());
            trees.facts().forEach((top, tree) -> facts.tree(FileTree.path(top), tree));

            ExposedSearch search = new ExposedSearch(
                    files, reader, questions, named.regions(), trees.links(), recorded, contained, progress);
            for (String directory : named.searched(places.searched())) {
                new FileTree(files).walk(directory, search, FileTree.READ_CONTROL, 0);
            }
            search.exposed().forEach(facts::exposed);
            search.unsearched().forEach(facts::unsearched);
            if (options.writeRestricted()) {
                named.writable().forEach((path, directory) -> facts.capability(path, capabilities.apply(directory)));
            }
            reader.aclVolumes().forEach(facts::aclVolume);
            return new CollectedFacts(facts.build(), trees.objects(), shape);
        } catch (WindowsFailure e) {
            throw new SandboxException(
                    SandboxErrorCode.PREPARE_FAILED,
                    "looking at what the policy names failed: " + e.getMessage()
                            + "; check that volume, or leave the path out of the policy",
                    e);
        }
    }

    private static String shape(Regions regions, PlanOptions options) {
        StringBuilder text = new StringBuilder();
        text.append(options.level())
                .append('\n')
                .append(options.writeRestricted())
                .append('\n');
        text.append(options.hardLinks()).append('\n');
        new TreeSet<>(regions.roots())
                .forEach(path -> text.append("w ").append(path).append('\n'));
        new TreeSet<>(regions.carveOuts())
                .forEach(path -> text.append("c ").append(path).append('\n'));
        new TreeSet<>(regions.readable())
                .forEach(path -> text.append("r ").append(path).append('\n'));
        new TreeSet<>(regions.denied())
                .forEach(path -> text.append("d ").append(path).append('\n'));
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    }
}
