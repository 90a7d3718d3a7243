package dev.capstan.itest.stranger;

import dev.capstan.itest.stranger.Case.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Cases of one theme, whose files have one size unless a case says another. */
abstract class Table {
    private final List<Case> cases = new ArrayList<>();
    private final int size;

    Table(int size) {
        this.size = size;
    }

    final List<Case> cases() {
        return cases;
    }

    final void add(Case added) {
        cases.add(added);
    }

    final void arrives(String name, Behaviour behaviour) {
        add(Case.of(Verdict.ARRIVES, size, name, behaviour));
    }

    final void fails(String name, Behaviour behaviour) {
        add(Case.of(Verdict.FAILS, size, name, behaviour));
    }

    final void either(String name, Behaviour behaviour) {
        add(Case.of(Verdict.EITHER, size, name, behaviour));
    }
}
