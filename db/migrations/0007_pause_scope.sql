UPDATE "providers" SET "policies" = '{"pauseScope":"event"}'::jsonb || "policies";--> statement-breakpoint
CREATE INDEX "conflicts_open" ON "conflicts" USING btree ("provider_id") WHERE resolved_at is null;
