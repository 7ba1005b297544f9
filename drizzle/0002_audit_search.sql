ALTER TABLE "audit_events" ALTER COLUMN "action" SET DATA TYPE text COLLATE "C";--> statement-breakpoint
ALTER TABLE "audit_events" ALTER COLUMN "resource" SET DATA TYPE text COLLATE "C";--> statement-breakpoint
CREATE INDEX "audit_events_not_done" ON "audit_events" USING btree ("account_id","outcome","audit_event_id") WHERE outcome <> 'success';