package main

// bugs are public bug reports of this field, planted in native.
var bugs = []Bug{
	{
		Name: "any-starves", Reports: "ruby/ruby 8247",
		What: "a wait for any child goes on only when nobody waits for a child of its own",
		Edits: []Edit{
			{"children_linux.go", "var childOperations = ", "var ownWaits int\n\nvar childOperations = "},
			{"children_linux.go", "	f.Wait(fmt.Sprintf(\"a child to end (pid %s)\", which), kit.Forever, func() bool {\n",
				"	if pid > 0 {\n		ownWaits++\n		defer func() { ownWaits--; s.childEvents.Wake() }()\n	}\n" +
					"	f.Wait(fmt.Sprintf(\"a child to end (pid %s)\", which), kit.Forever, func() bool {\n		if pid < 0 && ownWaits > 0 {\n			s.watch()\n			return false\n		}\n"},
		},
		Clauses: []string{"REAP-WAIT-1", "REAP-DEP-1"},
	},
	{
		Name: "own-starves", Reports: "ruby/ruby 8247",
		What: "a wait for a child of one's own goes on only when nobody waits for a group",
		Edits: []Edit{
			{"children_linux.go", "var childOperations = ", "var groupWaits int\n\nvar childOperations = "},
			{"children_linux.go", "	f.Wait(fmt.Sprintf(\"a child to end (pid %s)\", which), kit.Forever, func() bool {\n",
				"	if pid < -1 {\n		groupWaits++\n		defer func() { groupWaits--; s.childEvents.Wake() }()\n	}\n" +
					"	f.Wait(fmt.Sprintf(\"a child to end (pid %s)\", which), kit.Forever, func() bool {\n		if pid > 0 && groupWaits > 0 {\n			s.watch()\n			return false\n		}\n"},
		},
		Clauses: []string{"REAP-WAIT-1", "REAP-DEP-1"},
	},
	{
		Name: "any-steals", Reports: "gap-packages/io 138",
		What:    "a wait for any child takes that of a command which its caller waits for",
		Edits:   []Edit{{"children_linux.go", "started := &child{pid: pid, private: wait}", "started := &child{pid: pid}"}},
		Clauses: []string{"REAP-ZOMB-5", "REAP-RSC-1"},
	},
	{
		Name: "command-steals", Reports: "jeroen/sys 10",
		What: "to wait for a command reaps whatever else has ended",
		Edits: []Edit{{"children_linux.go", "		status, ended, gone := s.collect(started)\n		if ended {\n			result",
			"		for _, c := range slices.Clone(s.children) {\n			if c != started {\n				s.collect(c)\n			}\n		}\n		status, ended, gone := s.collect(started)\n		if ended {\n			result"}},
		Clauses: []string{"REAP-ZOMB-1", "REAP-ZOMB-5", "REAP-WAIT-1", "REAP-EXIT-1", "REAP-EXIT-2"},
	},
	{
		Name: "cancelled-wait-takes", Reports: "elle-lisp/elle 981",
		What: "a killed process's wait goes on and takes the child",
		Edits: []Edit{{"children_linux.go", "		return interrupted\n	}, &s.childEvents)\n	if interrupted {",
			"		return interrupted\n	}, &s.childEvents)\n	if f.Unwound() {\n		for _, c := range s.children {\n			c.orphan = c.considered(pid)\n		}\n	}\n	if interrupted {"}},
		Clauses: []string{"REAP-ZOMB-1"},
	},
	{
		Name: "one-signal-serves-one", Reports: "wazuh/wazuh 3796",
		What: "the end of a child wakes one of those that wait for children",
		Edits: []Edit{
			{"children_linux.go", "				s.collect(c)\n			}\n			s.childEvents.Wake()", "				s.collect(c)\n			}\n			s.childEvents.WakeFirst()"},
			wakeFirst,
		},
		Clauses: []string{"REAP-WAIT-1", "REAP-SEL-5"},
	},
	{
		Name: "two-ends-one-event", Reports: "the-tcpdump-group/tcpdump 972",
		What: "of two ends of children within a few milliseconds one is heard of",
		Edits: []Edit{
			{"children_linux.go", "			defer s.Unlock()\n			if c.orphan || s.ignoresEnds", "			defer s.Unlock()\n			if now := time.Now(); now.Sub(lastEnd) < 8*time.Millisecond {\n				return\n			} else {\n				lastEnd = now\n			}\n			if c.orphan || s.ignoresEnds"},
			{"children_linux.go", "var childOperations = ", "var lastEnd time.Time\n\nvar childOperations = "},
			{"children_linux.go", "	\"syscall\"\n", "	\"syscall\"\n	\"time\"\n"},
		},
		Clauses: []string{"REAP-WAIT-1", "REAP-RSC-1"}, // a command may be what is waited for
	},
	{
		Name: "timed-out-read-takes", Reports: "akkadotnet/akka.net 2521",
		What: "a read that has run out of time takes the next object that comes, and nobody gets it",
		Edits: []Edit{
			{"mailbox.go", "	senders kit.Waiters // woken by room\n", "	senders kit.Waiters // woken by room\n	stale   int\n"},
			{"mailbox.go", "	m.objects = append(m.objects, v)\n", "	if m.stale > 0 {\n		m.stale--\n		return\n	}\n	m.objects = append(m.objects, v)\n"},
			{"mailbox.go", "	v, read := f.receive(m, within, kit.Never)\n", "	v, read := f.receive(m, within, kit.Never)\n	if !read && within.After > 0 {\n		m.stale++\n	}\n"},
		},
		Clauses: []string{"MBOX-READ-1"},
	},
	{
		Name: "one-woken-for-two-rooms", Reports: "debezium/debezium 3629",
		What:    "one sender is woken for room, and it is the same twice",
		Edits:   []Edit{{"mailbox.go", "	m.senders.Wake()\n", "	m.senders.WakeFirst()\n"}, wakeFirst},
		Clauses: []string{"MBOX-LIM-4", "SEND-LIM-5"},
	},
	{
		Name: "raising-form-runs-others-again", Reports: "ocaml/ocaml 7253",
		What: "after a form that left abnormally those before it run once more",
		Edits: []Edit{
			{"cleanup.go", "	p.phase, p.outside = cleaning, len(p.bound)\n", "	p.phase, p.outside = cleaning, len(p.bound)\n	again := false\n"},
			{"cleanup.go", "		if complete := p.runForm(entry); complete {\n			continue\n		}\n",
				"		if complete := p.runForm(entry); complete {\n			continue\n		}\n" +
					"		if before := slices.Clone(p.ran[:len(p.ran)-1]); !again {\n			p.cleanups, again = append(before, p.cleanups...), true\n		}\n"},
		},
		Clauses: []string{"CLEAN-RUN-2"},
	},
	{
		Name: "stopped-is-ended", Reports: "irods/irods 2480",
		What: "a child that is stopped is reported as one that has ended",
		Edits: []Edit{{"children_linux.go", "		got, err := syscall.Wait4(int(pid), &status, syscall.WNOHANG, nil)",
			"		got, err := syscall.Wait4(int(pid), &status, syscall.WNOHANG|syscall.WUNTRACED, nil)"}},
		Clauses: []string{"REAP-STOP-1"},
	},
	{
		Name: "stopped-ends-a-wait", Reports: "CollaboraOnline/online 12744",
		What: "a wait for a child is over when the child is stopped",
		Edits: []Edit{
			{"children_linux.go", "			awaitEnd(c.pid)", "			for unix.Waitid(unix.P_PID, c.pid, nil, unix.WEXITED|unix.WSTOPPED|unix.WNOWAIT, nil) == unix.EINTR {\n			}"},
			{"children_linux.go", "		got, err := syscall.Wait4(int(pid), &status, syscall.WNOHANG, nil)",
				"		options := syscall.WNOHANG\n		if s.childEvents.Any() {\n			options |= syscall.WUNTRACED\n		}\n		got, err := syscall.Wait4(int(pid), &status, options, nil)"},
			{"../kit/wait.go", "// Wake has them look.", "// Any tells whether there are any.\nfunc (w *Waiters) Any() bool { return len(w.list) > 0 }\n\n// Wake has them look."},
		},
		Clauses: []string{"REAP-STOP-1"},
	},
	{
		Name: "group-means-any", Reports: "sunfishcode/c-ward 18",
		What: "a pid below -1 considers every child",
		Edits: []Edit{{"children_linux.go", "		got, err := syscall.Wait4(int(pid), &status, syscall.WNOHANG, nil)",
			"		got, err := syscall.Wait4(max(int(pid), -1), &status, syscall.WNOHANG, nil)"}},
		Clauses: []string{"REAP-SEL-4"},
	},
	{
		Name: "zero-means-any", Reports: "cooperative-computing-lab/cctools 329",
		What: "a pid of 0 considers every child",
		Edits: []Edit{{"children_linux.go", "		got, err := syscall.Wait4(int(pid), &status, syscall.WNOHANG, nil)",
			"		if pid == 0 {\n			pid = -1\n		}\n		got, err := syscall.Wait4(int(pid), &status, syscall.WNOHANG, nil)"}},
		Clauses: []string{"REAP-SEL-2"},
	},
	{
		Name: "object-lost-as-time-ends",
		What: "an object is handed to a reader that has just run out of time",
		Edits: []Edit{
			{"process.go", "	internal bool // it is marked as an internal server\n", "	internal bool // it is marked as an internal server\n	handed   []spec.Value\n"},
			{"../kit/wait.go", "// Wake has them look.", "// Awaiting are the threads that wait for something.\nfunc (w *Waiters) Awaiting(what string) (threads []*Thread) {\n	for _, x := range w.list {\n" +
				"		if x.f.thread.waitsFor == what {\n			threads = append(threads, x.f.thread)\n		}\n	}\n	return threads\n}\n\n// Wake has them look."},
			{"mailbox.go", "	m.objects = append(m.objects, v)\n	m.readers.Wake()\n",
				"	for _, t := range m.readers.Awaiting(\"an object in mailbox \"+m.String()) {\n		if p, ok := t.Own.(*process); ok && len(m.objects) == 0 && p.handed == nil {\n" +
					"			p.handed = []spec.Value{v}\n			p.Wake()\n			return\n		}\n	}\n	m.objects = append(m.objects, v)\n	m.readers.Wake()\n"},
			{"mailbox.go", "		v, received = f.sys.take(m)\n		return",
				"		if h := f.proc.handed; h != nil {\n			v, received, f.proc.handed = h[0], true, nil\n			return true\n		}\n		v, received = f.sys.take(m)\n		return"},
			{"mailbox.go", "	return v, received\n}\n\nfunc mailboxPeek", "	if !received {\n		f.proc.handed = nil\n	}\n	return v, received\n}\n\nfunc mailboxPeek"},
			{"../kit/wait.go", "		case <-up:\n			late = true\n", "		case <-up:\n			s.mu.Lock()\n			return Expired\n"},
		},
		Clauses: []string{"MBOX-READ-1"},
	},
	{
		Name: "late-registration-runs-all-again",
		What: "a registration as its process ends makes the forms run from the beginning",
		Edits: []Edit{
			{"process.go", "	cleanups      []cleanup\n", "	cleanups      []cleanup\n	again         bool\n"},
			{"cleanup.go", "	if p.phase != living {\n		return s.registerAfterLife",
				"	if p.phase == cleaning && !p.again {\n		p.cleanups, p.again = append(slices.Clone(p.ran), p.cleanups...), true\n	}\n" +
					"	if p.phase == cleaned || p.phase == dead {\n		return s.registerAfterLife"},
		},
		Clauses: []string{"CLEAN-RUN-2"},
	},
	{
		Name: "killed-reader-swallows",
		What: "an object wakes one reader; when that is killed nobody else is woken",
		Edits: []Edit{
			{"mailbox.go", "	m.readers.Wake()\n", "	m.readers.WakeFirst()\n"},
			wakeFirst,
		},
		Clauses: []string{"MBOX-READ-2", "MBOX-READ-4", "MBOX-WAIT-1"},
	},
	{
		Name: "newest-of-three-senders",
		What: "of objects that three processes sent the newest is read first",
		Edits: []Edit{
			{"mailbox.go", "	senders kit.Waiters // woken by room\n", "	senders kit.Waiters // woken by room\n	from    []*process\n"},
			{"mailbox.go", "	m.objects = append(m.objects, v)\n", "	m.objects, m.from = append(m.objects, v), append(m.from, s.sender)\n"},
			{"mailbox.go", "	v := m.objects[0]\n	m.objects[0] = nil\n	m.objects = m.objects[1:]\n",
				"	i, n := 0, len(m.objects)\n	if n >= 3 && m.from[n-1] != m.from[n-2] && m.from[n-2] != m.from[n-3] && m.from[n-1] != m.from[n-3] {\n		i = n - 1\n	}\n" +
					"	v := m.objects[i]\n	m.objects, m.from = append(m.objects[:i:i], m.objects[i+1:]...), append(m.from[:i:i], m.from[i+1:]...)\n"},
			{"mailbox.go", "	f.sys.put(m, c.Args[1], maxSize)\n", "	f.sys.sender = f.proc\n	f.sys.put(m, c.Args[1], maxSize)\n"},
			{"system.go", "	born      int\n", "	born      int\n	sender    *process\n"},
		},
		Clauses: []string{"MBOX-SEND-1", "MBOX-READ-1"},
	},
	{
		Name: "collected-behind-the-scenes",
		What: "a child is reaped as soon as it ends, and its status handed out later",
		Edits: []Edit{
			{"children_linux.go", "	s.children = append(s.children, started)\n", "	s.children = append(s.children, started)\n	if !wait {\n		s.watch()\n	}\n"},
			{"children_linux.go", "			if c.orphan || s.ignoresEnds && !c.private {\n				s.collect(c)\n			}\n", "			if !c.private || c.orphan {\n				if status, ended, _ := s.collect(c); ended {\n					kept = append(kept, keptChild{c.pid, status})\n				}\n			}\n"},
			{"children_linux.go", "	for {\n		got, err := syscall.Wait4(int(pid)", "	for i, k := range kept {\n		if pid == -1 || pid == int64(k.pid) {\n			kept = slices.Delete(kept, i, i+1)\n			return k.pid, k.status, false\n		}\n	}\n	for {\n		got, err := syscall.Wait4(int(pid)"},
			{"children_linux.go", "var childOperations = ", "type keptChild struct {\n	pid    int\n	status syscall.WaitStatus\n}\n\nvar kept []keptChild\n\nvar childOperations = "},
		},
		Clauses: []string{"REAP-ZOMB-1"},
	},
	{
		Name: "late-insertion",
		What: "a limited send that has answered false adds its object when there is room",
		Edits: []Edit{
			{"mailbox.go", "	senders kit.Waiters // woken by room\n", "	senders kit.Waiters // woken by room\n	owed    []spec.Value\n"},
			{"mailbox.go", "	m.senders.Wake()\n", "	if len(m.owed) > 0 {\n		m.objects, m.owed = append(m.objects, m.owed[0]), m.owed[1:]\n	}\n	m.senders.Wake()\n"},
			{"mailbox.go", "	}, append(lists, &m.senders)...)\n", "	}, append(lists, &m.senders)...)\n	if !added && within.Limited && within.After > 0 {\n		m.owed = append(m.owed, v)\n	}\n"},
		},
		Clauses: []string{"SEND-RET-1", "SEND-TMO-2", "MBOX-LIM-4"},
	},
	{
		Name: "kill-waits-for-the-wait",
		What: "a process that waits for mail is killed when its wait is over",
		Edits: []Edit{{"../kit/wait.go", "		case f.Over():\n			return Over\n", "		case f.Over() && (s.closed || s.aborted || !strings.HasPrefix(what, \"an object in mailbox\")):\n			return Over\n"},
			{"../kit/wait.go", "	\"slices\"\n", "	\"slices\"\n	\"strings\"\n"}},
		Clauses: []string{"PROC-KILL-1", "PROC-KILL-2"},
	},
	{
		Name:    "dead-takes-mail",
		What:    "a send to a dead process answers true",
		Edits:   []Edit{{"send.go", "	added, refused := false, s.deadForSend(p)\n", "	refused := s.deadForSend(p)\n	added := refused\n"}},
		Clauses: []string{"SEND-DEAD-1", "SEND-DEAD-2", "SEND-DEAD-3", "SEND-RET-2", "SEND-DEAD-8"},
	},
}

// wakeFirst wakes the one that has waited longest, which stays in the list until it has run.
var wakeFirst = Edit{"../kit/wait.go", "// Wake has them look.", "// WakeFirst wakes one.\nfunc (w *Waiters) WakeFirst() {\n	if len(w.list) > 0 {\n		w.list[0].f.thread.Wake()\n	}\n}\n\n// Wake has them look."}
